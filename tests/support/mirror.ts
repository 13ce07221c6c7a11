import pg from 'pg';
import { createConfluenceSource } from '../../src/confluence/create-confluence-source.ts';
import type { ConfluenceSettings } from '../../src/confluence/confluence-settings.ts';
import { openDatabase } from '../../src/postgres/open-database.ts';
import type { SampleSite } from '../../src/sample-site/sample-site.ts';
import type { SyncRequest } from '../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../src/sync/run-sync.ts';
import { databaseParts } from './database-parts.ts';
import { blindObserver, fullRequest } from './full-request.ts';

const SETTINGS: Omit<ConfluenceSettings, 'baseUrl'> = {
  deployment: 'auto',
  credentials: { kind: 'basic', user: 'tests@example.com', secret: 'tests-token' },
  cloudId: null,
  contentTypes: ['page'],
  archived: 'include',
  concurrency: 4,
  timeoutMs: 30_000,
  maxBodyBytes: 10_000_000,
  ca: null,
  proxy: null,
  noProxy: null,
};

/** Where a test syncs from and to. */
export type MirrorSettings = Readonly<{ baseUrl: string; databaseUrl: string }>;

/** Syncs once with the real source and the real store, in this process. */
export async function syncMirror(
  { baseUrl, databaseUrl }: MirrorSettings,
  request: Partial<SyncRequest> = {},
): Promise<SyncResult> {
  const source = createConfluenceSource({ ...SETTINGS, baseUrl }, databaseParts);
  const mirror = await openDatabase({ url: databaseUrl, schema: 'public', poolMax: 3 }, databaseParts);
  try {
    await mirror.migrator.up();
    const parts = { ...databaseParts, ...mirror, source, observer: blindObserver };
    return await runSync(parts, { ...fullRequest, ...request }, new AbortController().signal);
  } finally {
    await mirror.close();
    source.close();
  }
}

/** A live page as a mirror shows it. */
export type MirroredPage = Readonly<{
  id: string;
  title: string;
  spaceKey: string;
  version: number;
  lastUpdated: Date;
  parentId: string | null;
  status: string;
  type: string;
  url: string;
  storage: string;
}>;

/** The live pages of a site, as a mirror should show them. */
export function truthOf(site: SampleSite): MirroredPage[] {
  return [...site.pages()]
    .filter(({ type }) => type === 'page')
    .map(({ poison, ...page }) => ({ ...page, ...(poison !== null && { poison }) }));
}

/** Runs one query on a connection of its own; an embedded database must not be open elsewhere. */
export async function query<Row>(databaseUrl: string, text: string, values: unknown[] = []): Promise<Row[]> {
  if (databaseUrl.startsWith('pglite:')) return await queryFolder(databaseUrl.slice(7), text, values);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function queryFolder<Row>(folder: string, text: string, values: unknown[]): Promise<Row[]> {
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create(folder);
  try {
    return (await database.query<Row>(text, values)).rows;
  } finally {
    await database.close();
  }
}

/** The live pages of a mirror, ordered as the site orders them. */
export async function mirroredPages(databaseUrl: string): Promise<MirroredPage[]> {
  return await query(
    databaseUrl,
    `select id, title, space_key as "spaceKey", version, last_updated as "lastUpdated", parent_id as "parentId", status,
       type, url, storage
     from confluence_pages join confluence_page_bodies on page_id = id
     where deleted_at is null order by length(id), id`,
  );
}

/** What the feed, replayed from zero, makes of each page. */
export async function replayedFeed(databaseUrl: string): Promise<Map<string, unknown>> {
  const changes = await query<Record<string, unknown> & { page_id: string; kind: string }>(
    databaseUrl,
    'select * from confluence_page_changes order by seq',
  );
  const pages = new Map<string, { hash: unknown }>();
  for (const {
    page_id: id,
    space_key: space,
    version,
    content_hash: hash,
    previous_hash: before,
    kind,
  } of changes) {
    if ((pages.get(id)?.hash ?? null) !== before)
      throw new Error(`the feed has a hole before ${kind} of page ${id}`);
    if ((kind === 'created') !== !pages.has(id)) throw new Error(`page ${id} is ${kind} out of turn`);
    pages.set(id, { hash, ...{ space, version, gone: kind === 'deleted' } });
  }
  return pages;
}

/** The table in the form of a replayed feed. */
export async function feedFormOfTable(databaseUrl: string): Promise<Map<string, unknown>> {
  const rows = await query<{ id: string }>(
    databaseUrl,
    `select id, content_hash as hash, space_key as space, version, deleted_at is not null as gone from confluence_pages`,
  );
  return new Map(rows.map(({ id, ...page }) => [id, page]));
}
