/** Orders ids as the numbers they are. */
export function compareIds(left: string, right: string): number {
  return Number(BigInt(left) - BigInt(right));
}
