import type { Output } from './context.ts';

/**
 * Writes values as lines of JSON and waits until they are taken, so that a slow reader does not fill the memory. False when the
 * reader has gone away; throws what else the stream says.
 */
export function writeRows(output: Output, rows: readonly unknown[]): Promise<boolean> {
  if (rows.length === 0) return Promise.resolve(true);
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return new Promise((resolve, reject) => {
    output.write(lines, (error?: (Error & { code?: string }) | null) => {
      if (error === undefined || error === null) resolve(true);
      else if (error.code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
}
