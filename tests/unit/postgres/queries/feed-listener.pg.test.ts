import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFeedListener } from '../../../../src/postgres/feed-listener.ts';
import { batch, record } from '../../../contract/page-store-values.ts';
import { databaseParts } from '../../../support/database-parts.ts';
import { openPostgresStore } from '../../../support/real-postgres-store.ts';
import type { PostgresStore } from '../../../support/real-postgres-store.ts';

let store: PostgresStore;
let over: AbortController;

beforeEach(async () => {
  store = await openPostgresStore();
  over = new AbortController();
});
afterEach(async () => {
  over.abort();
  await store.close();
});

const sleep = (ms: number) => databaseParts.clock.sleep(ms, new AbortController().signal);

async function untilListening(): Promise<void> {
  const listeners = `select 1 from pg_stat_activity where datname = current_database()
    and application_name = 'confluence-sync feed' and query like 'listen%' and state = 'idle'`;
  while ((await store.query(listeners)).length === 0) await sleep(20);
}

test('a listener is woken by a commit that changes a page, and by no other', async () => {
  let woken = 0;
  const listening = createFeedListener(store.url, databaseParts)(() => woken++, over.signal);
  await untilListening();
  const grant = await store.database.lease.acquire();

  await store.database.store.load(batch({ records: [record('7')] }));
  await store.database.store.load(batch({ records: [record('7')] }));
  await grant.release();
  await sleep(200);

  expect(woken).toBe(1);
  over.abort();
  await listening;
});

test('behind a pooler nobody listens, for nothing would ever be heard', async () => {
  const pooler = await startPooler(store.url);

  await createFeedListener(pooler.url, databaseParts)(() => undefined, over.signal);

  const listeners = await store.query(`select 1 from pg_stat_activity where query ilike 'listen%'`);
  expect(listeners).toEqual([]);
  pooler.server.close();
});

/** Passes bytes on, but makes up the process id that a connection is told, as poolers do. */
async function startPooler(url: string): Promise<Readonly<{ url: string; server: Server }>> {
  const to = new URL(url);
  const keyData = Buffer.from([0x4b, 0, 0, 0, 12]);
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      const at = chunk.indexOf(keyData);
      if (at >= 0) chunk.writeInt32BE(4_711, at + keyData.length);
      client.write(chunk);
    });
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const pooled = new URL(url);
  pooled.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: pooled.href, server };
}
