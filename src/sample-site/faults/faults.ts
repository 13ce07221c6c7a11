import { answeringFaults } from './answering-faults.ts';
import { deliveryFaults } from './delivery-faults.ts';
import type { Fault } from './fault.ts';
import { listingFaults } from './listing-faults.ts';
import { viewingFaults } from './viewing-faults.ts';

const all = { ...answeringFaults, ...viewingFaults, ...listingFaults, ...deliveryFaults };

/** The name of a fault. */
export type FaultName = keyof typeof all;

/** Every fault by name. */
export const faults: Readonly<Record<FaultName, Fault>> = all;

/** Whether a text names a fault. */
export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faults, text);
}
