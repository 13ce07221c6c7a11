import { loadavg } from 'node:os';
import pg from 'pg';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import { databaseParts } from '../../../tests/support/database-parts.ts';
import { removeCluster, startCluster } from '../../../tests/support/real-postgres-cluster.ts';
import { homeOf, removeOrphans } from '../../../tests/support/real-postgres-home.ts';
import { empty, type Bench, type Way } from './bench.ts';
import { compare, type Rates } from './compare.ts';
import { copyAll, copyPages } from './copy-pages.ts';
import { loadPages } from './load-pages.ts';
import { changedRecords, makeRecords } from './make-records.ts';
import { insertAll, insertPage, pageByPage, selectPage, updatePage, upsertPage } from './page-by-page.ts';
import { tellTarget } from './tell-target.ts';

const BATCHES = [250, 1_000] as const;
/** Enough for the rate of a way that takes a page at a time. */
const FEW = 1_000;
const REFUSED = 'PostgreSQL refuses this title';

/**
 * Prints how many pages a second the loader stores with bodies, feed and checkpoint, beside the textbook's select-then-write for
 * each page, an upsert for each and plain COPY, and whether its targets are met. On a PostgreSQL of its own with the settings it
 * comes with. `share` of the pages is enough to see it run.
 */
export async function benchLoader(share: number): Promise<void> {
  removeOrphans();
  const home = homeOf(process.pid);
  try {
    const { url } = await startCluster(home, ['max_wal_size=4GB']);
    await benchAll(url, share);
  } finally {
    removeCluster(home);
  }
}

async function benchAll(url: string, share: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const database = await openDatabase({ url, schema: 'public', poolMax: 3 }, databaseParts);
  await database.migrator.up();
  console.log(`loader: load of the machine ${loadOf()}`);
  await benchWithoutBodies({ client, database, records: makeRecords(20_000 * share, 0) });
  await benchWithBodies({ client, database, records: makeRecords(5_000 * share, 8_192) });
  await benchBadPages({ client, database, records: makeRecords(10_000 * share, 0) });
  console.log(`\nload of the machine ${loadOf()}`);
  await database.close();
  await client.end();
}

function loadOf(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(', ');
}

async function benchWithoutBodies(bench: Bench): Promise<void> {
  const rates = await compare('new pages without bodies', bench, [
    { name: PAGE_BY_PAGE, prepare: empty, run: pageByPage(insertPage), pages: FEW },
    { name: 'the same with feed, in a transaction', prepare: empty, run: pageByPage(insertAll), pages: FEW },
    { name: 'one upsert a page', prepare: empty, run: pageByPage(upsertPage), pages: FEW },
    ...loaders(empty),
    { name: 'COPY: pages alone', prepare: empty, run: copyPages },
    { name: COPIES, prepare: empty, run: copyAll },
  ]);
  for (const batch of BATCHES) {
    tellRatio(rates, batch, PAGE_BY_PAGE, 25);
    tellRatio(rates, batch, COPIES, 0.4);
  }
  await compare('changed pages without bodies', bench, [
    { name: 'select, then update, each page', prepare: fill, run: pageByPage(updateChanged), pages: FEW },
    ...loaders(fill).map((way) => ({ ...way, run: (filled: Bench) => way.run(changed(filled)) })),
  ]);
  await benchUnchanged(bench);
}

async function benchUnchanged(bench: Bench): Promise<void> {
  await fill(bench);
  const nothing = (): Promise<void> => Promise.resolve();
  await compare('unchanged pages', bench, [
    { name: 'select, then compare, each page', prepare: nothing, run: pageByPage(selectPage), pages: FEW },
    ...loaders(nothing),
  ]);
  tellTarget('bytes of WAL for a batch of unchanged pages', await bytesOfUnchanged(bench), 'at most', 0);
}

/** The least of some tries: the lease's heartbeat and the server itself write, too. */
async function bytesOfUnchanged(bench: Bench): Promise<number> {
  const lease = await bench.database.lease.acquire();
  const batch = { runId: 'bench', heads: [], failures: [], deletions: [], space: null };
  let least = Infinity;
  for (let start = 0; start < bench.records.length; start += 1_000) {
    const before = await writtenBytes(bench);
    await bench.database.store.load({ ...batch, records: bench.records.slice(start, start + 1_000) });
    least = Math.min(least, (await writtenBytes(bench)) - before);
  }
  await lease.release();
  return least;
}

async function benchWithBodies(bench: Bench): Promise<void> {
  const hasLz4 = await knowsLz4(bench);
  const slow: Way = { name: PGLZ, prepare: emptyWith('pglz'), run: (one) => load(one, 1_000) };
  const prepare = hasLz4 ? emptyWith('lz4') : empty;
  const rates = await compare(`new pages with 8 KB of body, ${hasLz4 ? 'lz4' : 'no lz4 here'}`, bench, [
    { name: PAGE_BY_PAGE, prepare, run: pageByPage(insertPage), pages: FEW },
    {
      name: 'the same with body and feed, in a transaction',
      prepare,
      run: pageByPage(insertAll),
      pages: FEW,
    },
    ...(hasLz4 ? [slow] : []),
    ...loaders(prepare),
    { name: COPIES, prepare, run: copyAll },
  ]);
  for (const batch of BATCHES) tellRatio(rates, batch, COPIES, 0.6);
  if (hasLz4) tellRatio(rates, 1_000, PGLZ, 2);
  await compare('changed pages with 8 KB of body', bench, [
    { name: 'select, then update, each page', prepare: fill, run: pageByPage(updateChanged), pages: FEW },
    ...loaders(fill).map((way) => ({ ...way, run: (filled: Bench) => way.run(changed(filled)) })),
  ]);
}

/** Pages that only the database finds to be bad. */
async function benchBadPages(bench: Bench): Promise<void> {
  await bench.client.query(
    `alter table confluence_pages add constraint bench_refuses check (title <> '${REFUSED}')`,
  );
  for (const batch of BATCHES) {
    const ways = [0, 1, 10].map((bad) => ({
      name: `${bad} bad pages, ${batch} a batch`,
      prepare: empty,
      run: (one: Bench) => load(withBadPages(one, bad), batch, bad),
    }));
    const rates = await compare('new pages, some of which the database refuses', bench, ways);
    const [none = 1, one = 1, ten = 1] = ways.map(({ name }) => rates.get(name));
    tellTarget(`time of 1 bad page in 10,000, ${batch} a batch`, none / one, 'at most', 1.05);
    tellTarget(`time of 10 bad pages in 10,000, ${batch} a batch`, none / ten, 'at most', 1.2);
  }
}

const PAGE_BY_PAGE = 'select, then insert, each page';
const COPIES = 'COPY: pages, bodies and feed';
const PGLZ = 'loader, 1000 a batch, default compression';

function loaders(prepare: Way['prepare']): readonly Way[] {
  return BATCHES.map((batch) => ({ name: loader(batch), prepare, run: (bench) => load(bench, batch) }));
}

function loader(batch: number): string {
  return `loader: pages, bodies, feed and checkpoint, ${batch} a batch`;
}

function tellRatio(rates: Rates, batch: number, other: string, wanted: number): void {
  const ratio = (rates.get(loader(batch)) ?? 0) / (rates.get(other) ?? Infinity);
  tellTarget(`loader at ${batch} a batch / ${other}`, ratio, 'at least', wanted);
}

async function load(bench: Bench, batch: number, bad = 0): Promise<void> {
  const failures = await loadPages(bench, batch);
  if (failures !== bad) throw new Error(`${failures} pages failed, not ${bad}`);
}

async function fill(bench: Bench): Promise<void> {
  await empty(bench);
  await load(bench, 1_000);
  await bench.client.query(
    'vacuum analyze confluence_pages, confluence_page_bodies, confluence_page_changes',
  );
}

async function updateChanged(...[client, record]: Parameters<typeof updatePage>): Promise<void> {
  for (const changed of changedRecords([record])) await updatePage(client, changed);
}

function changed(bench: Bench): Bench {
  return { ...bench, records: changedRecords(bench.records) };
}

function withBadPages(bench: Bench, bad: number): Bench {
  const every = bench.records.length / bad;
  const records = bench.records.map((record, index) =>
    bad > 0 && index % every === Math.floor(every / 3)
      ? { ...record, head: { ...record.head, title: REFUSED } }
      : record,
  );
  return { ...bench, records };
}

function emptyWith(compression: 'lz4' | 'pglz'): Way['prepare'] {
  return async (bench) => {
    await empty(bench);
    await bench.client.query(
      `alter table confluence_page_bodies alter column storage set compression ${compression}`,
    );
  };
}

async function knowsLz4({ client }: Bench): Promise<boolean> {
  const { rows } = await client.query<{ lz4: boolean }>(
    `select 'lz4' = any (enumvals) as lz4 from pg_settings where name = 'default_toast_compression'`,
  );
  return rows[0]?.lz4 === true;
}

async function writtenBytes({ client }: Bench): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `select pg_current_wal_insert_lsn() - pg_lsn '0/0' as bytes`,
  );
  return Number(rows[0]?.bytes);
}
