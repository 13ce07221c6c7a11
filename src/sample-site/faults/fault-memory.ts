/** What one fault in force keeps from one request to the next, by names of its own. */
export type FaultMemory = Readonly<{
  numbers: Map<string, number>;
  ids: Map<string, readonly string[]>;
  rows: Map<string, unknown>;
}>;

/** Makes an empty memory. */
export function createFaultMemory(): FaultMemory {
  return { numbers: new Map(), ids: new Map(), rows: new Map() };
}
