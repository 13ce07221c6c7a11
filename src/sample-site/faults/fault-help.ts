import type { Fault, FaultParameter } from './fault.ts';
import { faultConditions } from './fault-conditions.ts';
import { faultGroups } from './faults.ts';

/** Every fault with its parameters, as text for people. */
export function faultHelp(): string {
  const groups = faultGroups.flatMap(({ heading, faults }) => [
    '',
    `${heading}:`,
    ...Object.entries(faults).flatMap(([name, fault]) => [
      `  ${name.padEnd(22)} ${summaryOf(fault)}`,
      ...describe(fault.parameters),
    ]),
  ]);
  const conditions = ['Every fault also takes', ...describe(faultConditions)];
  return ['Faults, as NAME:key=value,key=value', ...groups, '', ...conditions].join('\n');
}

/** What a fault does, and where it can, if not everywhere. */
export function summaryOf({ summary, only }: Fault): string {
  const where = { cloud: ' (Cloud)', datacenter: ' (Data Center)' };
  return only === undefined ? summary : `${summary}${where[only]}`;
}

function describe(parameters: Readonly<Record<string, FaultParameter>>): string[] {
  return Object.entries(parameters).map(([name, { usual, meaning }]) => {
    const unless = usual === '' || usual === 'Infinity' ? '' : ` (${usual})`;
    return `    ${name.padEnd(20)} ${meaning}${unless}`;
  });
}
