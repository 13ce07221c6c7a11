import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PageRecord } from '../../../src/sync/page.ts';
import type { Bench } from './bench.ts';
import { PAGE_COLUMNS, pageValues } from './page-values.ts';
import type { Value } from './page-values.ts';

const CHANGE_COLUMNS = 'page_id, space_key, kind, content_changed, content_hash, version, run_id, changed_at';

/** Plain COPY into the pages alone. */
export async function copyPages({ client, records }: Bench): Promise<void> {
  await copy(client, `confluence_pages (${PAGE_COLUMNS})`, records, pageValues);
}

/** Plain COPY into pages, bodies and feed, one after the other: as fast as PostgreSQL takes new rows. */
export async function copyAll(bench: Bench): Promise<void> {
  const { client, records } = bench;
  await copyPages(bench);
  await copy(client, 'confluence_page_bodies', records, ({ head, storage }) => [head.id, storage]);
  await copy(client, `confluence_page_changes (${CHANGE_COLUMNS})`, records, changeValues);
}

function changeValues({ head, contentHash }: PageRecord): Value[] {
  const { id, spaceKey, version, lastUpdated } = head;
  return [id, spaceKey, 'created', true, contentHash, version, 'bench', lastUpdated];
}

async function copy(
  client: pg.Client,
  into: string,
  records: readonly PageRecord[],
  values: (record: PageRecord) => readonly Value[],
): Promise<void> {
  const source = Readable.from(inChunks(records, values), { objectMode: true });
  await pipeline(source, client.query(copyFrom(`copy ${into} from stdin`)));
}

/** A stream of single lines would measure the stream. */
function* inChunks(
  records: readonly PageRecord[],
  values: (record: PageRecord) => readonly Value[],
): Generator<string> {
  let chunk = '';
  for (const record of records) {
    chunk += copyLine(values(record));
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
