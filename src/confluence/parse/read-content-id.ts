/** Reads a content id: a decimal string of at most 19 digits, or a number that is exact. Null for anything else. */
export function readContentId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return typeof value === 'string' && /^(?:0|[1-9]\d{0,18})$/.test(value) ? value : null;
}

/** Orders ids as the numbers they are: they outgrow what a double can tell apart. */
export function compareIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
