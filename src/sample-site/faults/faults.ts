import { answeringFaults } from './answering-faults.ts';
import { changingFaults } from './changing-faults.ts';
import { deliveryFaults } from './delivery-faults.ts';
import type { Fault } from './fault.ts';
import { limitingFaults } from './limiting-faults.ts';
import { listingFaults } from './listing-faults.ts';
import { nextFaults } from './next-faults.ts';
import { shapeFaults } from './shape-faults.ts';
import { signingFaults } from './signing-faults.ts';
import { viewingFaults } from './viewing-faults.ts';

/** Faults of one kind, under a heading for people. */
export type FaultGroup = Readonly<{ heading: string; faults: Readonly<Record<string, Fault>> }>;

/** Every fault, in groups. */
export const faultGroups: readonly FaultGroup[] = [
  { heading: 'Answers instead of the right one', faults: answeringFaults },
  { heading: 'Limits and overload', faults: limitingFaults },
  { heading: 'Credentials', faults: signingFaults },
  { heading: 'What is seen', faults: viewingFaults },
  { heading: 'Lists', faults: listingFaults },
  { heading: 'Addresses that lists tell', faults: nextFaults },
  { heading: 'The shape of answers', faults: shapeFaults },
  { heading: 'How the bytes arrive', faults: deliveryFaults },
  { heading: 'Changes of the site itself', faults: changingFaults },
];

const all = {
  ...answeringFaults,
  ...limitingFaults,
  ...signingFaults,
  ...viewingFaults,
  ...listingFaults,
  ...nextFaults,
  ...shapeFaults,
  ...deliveryFaults,
  ...changingFaults,
};

/** The name of a fault. */
export type FaultName = keyof typeof all;

/** Every fault by name. */
export const faults: Readonly<Record<FaultName, Fault>> = all;

/** Whether a text names a fault. */
export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faults, text);
}
