import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { runProgram } from '../../../src/cli/run-program.ts';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import type { Batch } from '../../../src/sync/store.ts';
import { batch } from '../../contract/page-store-values.ts';
import { databaseParts } from '../../support/database-parts.ts';

/** Loads batches into a database that no other process has open. */
export async function loadInto(url: string, ...batches: readonly Partial<Batch>[]): Promise<void> {
  const mirror = await openDatabase({ url, schema: 'public', poolMax: 2 }, databaseParts);
  await mirror.migrator.up();
  const grant = await mirror.lease.acquire();
  for (const given of batches) await mirror.store.load(batch(given));
  await grant.release();
  await mirror.close();
}

/** The objects that a command printed, one a line. */
export function parsedLines(text: string): Record<string, unknown>[] {
  const lines = text.trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Runs a command in this process: a process of its own costs seconds, and these tests ask often. */
export async function ask(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Readonly<{ code: number; stdout: string; stderr: string }>> {
  const [out, err] = [createPaper(), createPaper()];
  const { clock, random } = databaseParts;
  const stop = new AbortController().signal;
  const context = { environment: { LOG_LEVEL: 'warn', ...environment }, clock, random, stop };
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const exit = { code: 0 };
  const code = await runProgram(args, { ...context, readFile, out: out.stream, err: err.stream, exit }, '0');
  return { code, stdout: out.text(), stderr: err.text() };
}

function createPaper() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, written) {
      text += chunk.toString();
      written();
    },
  });
  return { stream, text: () => text };
}
