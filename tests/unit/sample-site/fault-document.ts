import type { Fault, FaultParameter } from '../../../src/sample-site/faults/fault.ts';
import { faultConditions } from '../../../src/sample-site/faults/fault-conditions.ts';
import { summaryOf } from '../../../src/sample-site/faults/fault-help.ts';
import { faultGroups } from '../../../src/sample-site/faults/faults.ts';
import { poisonKinds } from '../../../src/sample-site/poison/poison-kinds.ts';

/** The lists of faults and poisons as the documentation shows them. */
export function faultDocument(): string {
  const groups = faultGroups.flatMap(({ heading, faults }) => [
    `### ${heading}`,
    '',
    ...Object.entries(faults).flatMap(([name, fault]) => describeFault(name, fault)),
    '',
  ]);
  const poisons = Object.entries(poisonKinds).map(
    ([kind, { refusable, summary }]) => `- \`${kind}\` – ${summary}${refusable ? ' (to be refused)' : ''}`,
  );
  const conditions = describeParameters(faultConditions).map((line) => line.slice(2));
  return [...groups, '### What every fault takes', '', ...conditions, '', '### Poison', '', ...poisons].join(
    '\n',
  );
}

function describeFault(name: string, fault: Fault): string[] {
  return [`- \`${name}\` – ${summaryOf(fault)}`, ...describeParameters(fault.parameters)];
}

function describeParameters(parameters: Readonly<Record<string, FaultParameter>>): string[] {
  return Object.entries(parameters).map(([name, { usual, meaning }]) => {
    const unless = usual === '' || usual === 'Infinity' ? '' : `; \`${usual}\` unless told`;
    return `  - \`${name}\`: ${meaning}${unless}`;
  });
}
