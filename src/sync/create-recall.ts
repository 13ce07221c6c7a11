/** A memory of bounded size: what was not asked for in a long time is forgotten first. */
export interface Recall<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  clear(): void;
}

/** Makes an empty memory of at least half of `most` values and never more than `most`. */
export function createRecall<Value>(most: number): Recall<Value> {
  let older = new Map<string, Value>();
  let newer = new Map<string, Value>();
  const set = (key: string, value: Value) => {
    newer.set(key, value);
    if (newer.size * 2 >= most) [older, newer] = [newer, new Map<string, Value>()];
  };
  return {
    get: (key) => {
      const value = newer.get(key);
      if (value !== undefined) return value;
      const old = older.get(key);
      if (old !== undefined) set(key, old);
      return old;
    },
    set,
    clear: () => {
      older = new Map();
      newer = new Map();
    },
  };
}
