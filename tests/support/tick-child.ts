import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/postgres/open-database.ts';
import { createDice } from '../../src/sample-site/dice.ts';
import { SyncError } from '../../src/sync/errors.ts';
import { batch, record } from '../contract/page-store-values.ts';
import { databaseParts } from './database-parts.ts';

/** What a ticking writer says, a line each. Pages are numbered by the token, so that no two grants write the same one. */
export type TickWord =
  | Readonly<{ kind: 'granted' | 'done'; token: number }>
  | Readonly<{ kind: 'loaded'; token: number; ids: readonly string[] }>
  | Readonly<{ kind: 'ended'; by: string; why: string }>;

const BATCHES = 4;
const PAGES = 5;
const LONGEST_PAUSE_MS = 60;

/**
 * A writer that ticks for ever: it asks for the lease, writes some batches under it, and gives it back. Each feed row carries the
 * token of the grant it was written under.
 */
const { DATABASE_URL: url = '', SEED: seed = '1' } = process.env;
const dice = createDice(Number(seed));
let token = 0;
const info = (facts: object): void => {
  if ('token' in facts) token = Number(facts.token);
};
const parts = { ...databaseParts, log: { ...databaseParts.log, info } };
const database = await openDatabase({ url, schema: 'public', poolMax: 3 }, parts);
for (;;) {
  try {
    await tick();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    say({ kind: 'ended', by: error.name, why: error.message });
  }
  await sleep(dice.below(LONGEST_PAUSE_MS));
}

async function tick(): Promise<void> {
  const grant = await database.lease.acquire();
  say({ kind: 'granted', token });
  try {
    for (let nth = 0; nth < BATCHES; nth++) {
      const ids = Array.from({ length: PAGES }, (_, index) => String(token * 1_000 + nth * PAGES + index));
      await database.store.load(batch({ records: ids.map((id) => record(id)), runId: String(token) }));
      say({ kind: 'loaded', token, ids });
      await sleep(dice.below(LONGEST_PAUSE_MS));
    }
  } finally {
    await grant.release();
  }
  say({ kind: 'done', token });
}

function say(word: TickWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
