/** Takes up to `limit` rows that are wanted, and tells whether another one follows. */
export function takePage<T>(
  rows: Iterable<T>,
  wanted: (row: T) => boolean,
  limit: number,
): Readonly<{ rows: T[]; more: boolean }> {
  const taken: T[] = [];
  for (const row of rows) {
    if (!wanted(row)) continue;
    if (taken.length === limit) return { rows: taken, more: true };
    taken.push(row);
  }
  return { rows: taken, more: false };
}
