/** Remembers the last values that were added, at least half of `most` of them and never more than `most`. */
export interface Recent {
  /** Adds a value; false where it is remembered already. */
  add(value: string): boolean;
}

/** Makes an empty memory of bounded size. */
export function createRecent(most: number): Recent {
  let older = new Set<string>();
  let newer = new Set<string>();
  return {
    add: (value) => {
      if (older.has(value) || newer.has(value)) return false;
      newer.add(value);
      if (newer.size * 2 >= most) [older, newer] = [newer, new Set()];
      return true;
    },
  };
}
