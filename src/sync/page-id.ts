/** Orders page ids as the numbers they are: they outgrow what a double can tell apart. */
export function comparePageIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
