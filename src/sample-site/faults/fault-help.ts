import type { FaultParameter } from './fault.ts';
import { faultConditions } from './fault-conditions.ts';
import { faults } from './faults.ts';

/** Every fault with its parameters, as text for people. */
export function faultHelp(): string {
  const described = Object.entries(faults).flatMap(([name, { summary, parameters }]) => [
    `  ${name.padEnd(22)} ${summary}`,
    ...describe(parameters),
  ]);
  const conditions = ['Every fault also takes', ...describe(faultConditions)];
  return ['Faults, as NAME:key=value,key=value', ...described, '', ...conditions].join('\n');
}

function describe(parameters: Readonly<Record<string, FaultParameter>>): string[] {
  return Object.entries(parameters).map(([name, { usual, meaning }]) => {
    const unless = usual === '' || usual === 'Infinity' ? '' : ` (${usual})`;
    return `    ${name.padEnd(20)} ${meaning}${unless}`;
  });
}
