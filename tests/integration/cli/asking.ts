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
