/** A value that is looked for at its first use and kept. */
export interface Remembered<Value> {
  /** Looks for the value until that has succeeded once. A failure is not remembered: the next call tries again. */
  get(signal: AbortSignal): Promise<Value>;
  /** Gives a value from before; it counts only where none was looked for yet. */
  offer(value: Value): void;
  /** Forgets a value that was only offered; false where there was none. */
  doubt(): boolean;
}

/** Remembers what `find` finds. */
export function remember<Value>(find: (signal: AbortSignal) => Promise<Value>): Remembered<Value> {
  let found: Promise<Value> | null = null;
  let offered = false;
  return {
    get: async (signal) => {
      const finding = (found ??= find(signal));
      try {
        return await finding;
      } catch (error) {
        if (found === finding) found = null;
        throw error;
      }
    },
    offer: (value) => {
      if (found !== null) return;
      found = Promise.resolve(value);
      offered = true;
    },
    doubt: () => {
      if (!offered) return false;
      found = null;
      offered = false;
      return true;
    },
  };
}
