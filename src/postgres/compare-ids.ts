/** Orders decimal strings as numbers, the way `(length(id), id)` does in the tables. */
export function compareIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
