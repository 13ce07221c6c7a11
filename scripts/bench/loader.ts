import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openDatabase } from '../../src/postgres/open-database.ts';
import type { Database } from '../../src/postgres/open-database.ts';
import type { PageRecord } from '../../src/sync/page.ts';
import { databaseParts } from '../../tests/support/database-parts.ts';
import { removeCluster, startCluster } from '../../tests/support/real-postgres-cluster.ts';
import { homeOf, removeOrphans } from '../../tests/support/real-postgres-home.ts';

const ROUNDS = 3;
const BATCH = 250;

type Bench = Readonly<{ client: pg.Client; database: Database; records: readonly PageRecord[] }>;
type Value = string | number | boolean | Date | null;
type Way = Readonly<{
  name: string;
  prepare: (bench: Bench) => Promise<void>;
  run: (bench: Bench) => Promise<void>;
}>;

/**
 * Prints how many pages a second the loader stores, beside the textbook's select-then-write for each page and plain COPY,
 * for new, changed and unchanged pages without bodies and with 8 KB each. Medians of rounds that take turns, on a
 * PostgreSQL of its own with the settings it comes with.
 */
export async function benchLoader(): Promise<void> {
  removeOrphans();
  const home = homeOf(process.pid);
  try {
    const { url } = await startCluster(home, ['max_wal_size=4GB']);
    await compareAll(url);
  } finally {
    removeCluster(home);
  }
}

async function compareAll(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const database = await openDatabase({ url, schema: 'public', poolMax: 3 }, databaseParts);
  await database.migrator.up();
  const grant = await database.lease.acquire();
  for (const [label, count, bodyLength] of [
    ['no body', 20_000, 0],
    ['8 KB of body', 5_000, 8_192],
  ] as const) {
    const bench = { client, database, records: makeRecords(count, bodyLength) };
    await compare(`new pages, ${label}`, bench, NEW);
    await compare(`changed pages, ${label}`, bench, CHANGED);
    await compare(`unchanged pages, ${label}`, bench, UNCHANGED);
  }
  await grant.release();
  await database.close();
  await client.end();
}

async function compare(label: string, bench: Bench, ways: readonly Way[]): Promise<void> {
  const rates = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, prepare, run } of ways) {
      await prepare(bench);
      await bench.client.query('checkpoint');
      const start = performance.now();
      await run(bench);
      rates.get(name)?.push((bench.records.length * 1_000) / (performance.now() - start));
    }
  }
  console.log(`${label} (${bench.records.length} pages, median of ${ROUNDS} rounds)`);
  const first = median(rates.get(ways[0]?.name ?? '') ?? []);
  for (const [name, values] of rates) {
    const rate = median(values);
    console.log(
      `  ${name.padEnd(44)} ${rate.toFixed(0).padStart(8)} pages/s ${(rate / first).toFixed(1).padStart(6)} x`,
    );
  }
  if (ways === UNCHANGED) console.log(`  WAL of the loader: ${await walOfUnchanged(bench)} bytes`);
}

const NEW: readonly Way[] = [
  { name: 'select, then insert, each page', prepare: empty, run: (bench) => eachRow(bench, insertPage) },
  {
    name: 'the same with body and feed, a transaction each',
    prepare: empty,
    run: (bench) => eachRow(bench, insertAll),
  },
  { name: 'loader: pages, bodies, feed', prepare: empty, run: load },
  { name: 'COPY: pages', prepare: empty, run: copyPages },
  {
    name: 'COPY: pages, bodies, feed',
    prepare: empty,
    run: async (bench) => {
      await copyPages(bench);
      await copyBodies(bench);
      await copyChanges(bench);
    },
  },
];

const CHANGED: readonly Way[] = [
  {
    name: 'select, then update, each page',
    prepare: fill,
    run: (bench) => eachRow(changed(bench), updatePage),
  },
  { name: 'loader: pages, bodies, feed', prepare: fill, run: (bench) => load(changed(bench)) },
];

const UNCHANGED: readonly Way[] = [
  { name: 'select, then compare, each page', prepare: fill, run: (bench) => eachRow(bench, selectPage) },
  { name: 'loader', prepare: () => Promise.resolve(), run: load },
];

async function empty({ client }: Bench): Promise<void> {
  await client.query('truncate confluence_pages, confluence_page_bodies, confluence_page_changes');
}

async function fill(bench: Bench): Promise<void> {
  await empty(bench);
  await load(bench);
  await bench.client.query(
    'vacuum analyze confluence_pages, confluence_page_bodies, confluence_page_changes',
  );
}

async function load({ database, records }: Bench): Promise<void> {
  for (let start = 0; start < records.length; start += BATCH) {
    const batch = { runId: 'bench', heads: [], failures: [], deletions: [], space: null };
    await database.store.load({ ...batch, records: records.slice(start, start + BATCH) });
  }
}

async function walOfUnchanged(bench: Bench): Promise<string> {
  const position = async (): Promise<string> =>
    String(
      (await bench.client.query<{ lsn: string }>('select pg_current_wal_insert_lsn() as lsn')).rows[0]?.lsn,
    );
  const before = await position();
  await load(bench);
  const { rows } = await bench.client.query<{ bytes: string }>('select $1::pg_lsn - $2::pg_lsn as bytes', [
    await position(),
    before,
  ]);
  return rows[0]?.bytes ?? '';
}

async function eachRow(
  bench: Bench,
  write: (client: pg.Client, record: PageRecord) => Promise<void>,
): Promise<void> {
  for (const record of bench.records) await write(bench.client, record);
}

const PAGE_COLUMNS = `id, title, space_key, content_hash, last_updated, version, url, synced_at, type, status, parent_id,
  hash_version, content_changed_at`;

async function selectPage(client: pg.Client, { head }: PageRecord): Promise<void> {
  await client.query('select * from confluence_pages where id = $1', [head.id]);
}

async function insertPage(client: pg.Client, record: PageRecord): Promise<void> {
  await selectPage(client, record);
  await client.query(
    `insert into confluence_pages (${PAGE_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    pageValues(record),
  );
}

async function insertAll(client: pg.Client, record: PageRecord): Promise<void> {
  await client.query('begin');
  await insertPage(client, record);
  await client.query('insert into confluence_page_bodies values ($1, $2)', [record.head.id, record.storage]);
  await client.query(
    `insert into confluence_page_changes (page_id, space_key, kind, content_changed, content_hash, version, run_id,
      changed_at) values ($1, $2, 'created', true, $3, 1, 'bench', now())`,
    [record.head.id, record.head.spaceKey, record.contentHash],
  );
  await client.query('commit');
}

async function updatePage(client: pg.Client, record: PageRecord): Promise<void> {
  await selectPage(client, record);
  await client.query(
    `update confluence_pages set (${PAGE_COLUMNS}) = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) where id = $1`,
    pageValues(record),
  );
}

function pageValues({ head, contentHash, hashVersion }: PageRecord): Value[] {
  const { id, title, spaceKey, lastUpdated, version, url, type, status, parentId } = head;
  const now = new Date();
  return [
    id,
    title,
    spaceKey,
    contentHash,
    lastUpdated,
    version,
    url,
    now,
    type,
    status,
    parentId,
    hashVersion,
    now,
  ];
}

async function copyPages({ client, records }: Bench): Promise<void> {
  const lines = function* (): Generator<string> {
    for (const record of records) yield copyLine(pageValues(record));
  };
  await copy(client, `confluence_pages (${PAGE_COLUMNS})`, lines());
}

async function copyBodies({ client, records }: Bench): Promise<void> {
  const lines = function* (): Generator<string> {
    for (const { head, storage } of records) yield copyLine([head.id, storage]);
  };
  await copy(client, 'confluence_page_bodies', lines());
}

async function copyChanges({ client, records }: Bench): Promise<void> {
  const columns = 'page_id, space_key, kind, content_changed, content_hash, version, run_id, changed_at';
  const lines = function* (): Generator<string> {
    for (const { head, contentHash } of records) {
      yield copyLine([
        head.id,
        head.spaceKey,
        'created',
        true,
        contentHash,
        head.version,
        'bench',
        head.lastUpdated,
      ]);
    }
  };
  await copy(client, `confluence_page_changes (${columns})`, lines());
}

async function copy(client: pg.Client, into: string, lines: Generator<string>): Promise<void> {
  await pipeline(
    Readable.from(inChunks(lines), { objectMode: true }),
    client.query(copyFrom(`copy ${into} from stdin`)),
  );
}

/** A stream of single lines would measure the stream. */
function* inChunks(lines: Generator<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Bench text holds nothing that COPY would want escaped. */
function copyLine(values: readonly Value[]): string {
  const fields = values.map((value) => {
    if (value === null) return '\\N';
    return value instanceof Date ? value.toISOString() : String(value);
  });
  return `${fields.join('\t')}\n`;
}

function changed(bench: Bench): Bench {
  const records = bench.records.map((record) => {
    const storage = record.storage === '' ? '' : `${record.storage} changed`;
    return {
      ...record,
      storage,
      contentHash: digest(`${record.head.id} changed`),
      head: { ...record.head, version: 2 },
    };
  });
  return { ...bench, records };
}

function makeRecords(count: number, bodyLength: number): readonly PageRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const id = String(100_000 + index);
    const storage = text(index, bodyLength);
    return {
      head: {
        kind: 'head',
        id,
        type: 'page',
        title: `How we do thing number ${id}`,
        spaceKey: `SPACE${index % 7}`,
        status: 'current',
        version: 1,
        lastUpdated: new Date(1_750_000_000_000 + index * 1_000),
        parentId: index === 0 ? null : String(100_000 + Math.floor(index / 10)),
        url: `https://example.atlassian.net/wiki/spaces/SPACE${index % 7}/pages/${id}`,
      },
      storage,
      contentHash: digest(id),
      hashVersion: 1,
      wentBack: false,
    };
  });
}

/** Words in an order of their own for each page, about as compressible as prose. */
function text(seed: number, length: number): string {
  const words: string[] = [];
  let state = seed + 1;
  for (let size = 0; size < length;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const word = `<p>${WORDS[state % WORDS.length] ?? ''}${(state % 977).toString(36)}</p>`;
    words.push(word);
    size += word.length;
  }
  return words.join('');
}

const WORDS =
  'the page of a team that writes what it does and why so others need not ask again tomorrow'.split(' ');

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
