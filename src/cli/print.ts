import type { Output } from './context.ts';

/** Writes one line. */
export function printLine(output: Output, line = ''): void {
  output.write(`${escapeControls(line)}\n`);
}

/** Writes a value as one line of JSON. */
export function printJson(output: Output, value: unknown): void {
  output.write(`${JSON.stringify(value)}\n`);
}

/** Writes rows under their headings, columns aligned; numbers stand at the right. */
export function printTable(
  output: Output,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  const shown = rows.map((row) => row.map(showCell));
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...shown.map((row) => row[at]?.length ?? 0)),
  );
  const isNumber = headings.map(
    (_, at) => rows.length > 0 && rows.every((row) => typeof row[at] === 'number'),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        isNumber[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  printLine(output, line(headings));
  for (const row of shown) printLine(output, line(row));
}

/** What a table shows. */
export type Cell = string | number | Date | null;

function showCell(cell: Cell): string {
  if (cell === null) return '-';
  if (cell instanceof Date) return cell.toISOString().replace(/\.\d+Z$/, 'Z');
  return escapeControls(String(cell));
}

// Titles and messages come from outside: an escape sequence in one must not reach a terminal.
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, (character) =>
    character === '\n' ? '\n' : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  );
}
