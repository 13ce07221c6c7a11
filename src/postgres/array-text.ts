type Element = string | number | boolean | null;

/**
 * The text form of a one-dimensional PostgreSQL array, to be cast where it is used. The driver makes the same text at several
 * times the cost, which a batch of pages feels.
 */
export function arrayText(elements: readonly Element[]): string {
  let text = '{';
  for (const element of elements) {
    if (text.length > 1) text += ',';
    text += typeof element === 'string' ? quoted(element) : String(element ?? 'NULL');
  }
  return `${text}}`;
}

function quoted(element: string): string {
  const isPlain = !element.includes('"') && !element.includes('\\');
  return `"${isPlain ? element : element.replaceAll(/["\\]/g, '\\$&')}"`;
}
