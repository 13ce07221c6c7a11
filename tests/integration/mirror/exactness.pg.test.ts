import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashBody } from '../../../src/content/index.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { Deployment, SampleSite } from '../../../src/sample-site/sample-site.ts';
import { databaseParts } from '../../support/database-parts.ts';
import {
  feedFormOfTable,
  mirroredPages,
  query,
  replayedFeed,
  syncMirror,
  truthOf,
} from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';

const PAGES = 1_200;

describe.each<Deployment>(['cloud', 'datacenter'])('from %s', (deployment) => {
  let site: SampleSite;
  let database: TestDatabase;
  let settings: { baseUrl: string; databaseUrl: string };

  beforeEach(async () => {
    database = await createTestDatabase();
    const contextPath =
      deployment === 'datacenter' ? { contextPath: '/wiki/cf', serverOffset: '+10:00' } : {};
    site = createSampleSite({ deployment, pages: PAGES, ...contextPath, clock: databaseParts.clock });
    settings = { baseUrl: (await site.listen(0)).url, databaseUrl: database.url };
  });
  afterEach(async () => {
    await site.close();
    await database.drop();
  });

  const ids = () =>
    truthOf(site)
      .filter((page) => page.status === 'current')
      .map((page) => page.id);
  const contents = async () =>
    await Promise.all(
      ['confluence_pages', 'confluence_page_bodies', 'confluence_page_changes'].map((table) =>
        query(database.url, `select * from ${table} order by 1`),
      ),
    );

  test('every page arrives exactly, and every hash can be made again from the stored body', async () => {
    const { report, error } = await syncMirror(settings);

    expect(error).toBeNull();
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { created: PAGES, listed: PAGES } });
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
    const hashed = await query<{ storage: string; content_hash: string }>(
      database.url,
      'select storage, content_hash from confluence_page_bodies join confluence_pages on page_id = id',
    );
    for (const { storage, content_hash: hash } of hashed) expect(hashBody(storage).contentHash).toBe(hash);
  });

  test('a second run over an unchanged site writes nothing to pages, bodies or changes', async () => {
    await syncMirror(settings);
    const before = await contents();

    const { report } = await syncMirror(settings);

    expect(report).toMatchObject({ outcome: 'succeeded', counts: { unchanged: PAGES, fetched: 0 } });
    expect(await contents()).toEqual(before);
  });

  test('1,000 pages saved again with other volatile markup keep their hashes', async () => {
    await syncMirror(settings);
    const saved = ids().slice(0, 1_000);
    for (const id of saved) site.edit.rewriteVolatile(id);

    const { report } = await syncMirror(settings);

    expect(report.counts).toMatchObject({ updated: saved.length, failed: 0 });
    const [changes] = await query<{ changes: number; changed: number }>(
      database.url,
      `select count(*)::int as changes, count(*) filter (where content_changed)::int as changed
       from confluence_page_changes where kind = 'updated'`,
    );
    expect(changes).toEqual({ changes: saved.length, changed: 0 });
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
  });

  test('what people do to pages arrives under its own name, and the feed tells all of it', async () => {
    await syncMirror(settings);
    const [edited, renamed, moved, away, archived, trashed, purged, back] = ids().slice(100);
    if (!edited || !renamed || !moved || !away || !archived || !trashed || !purged || !back)
      throw new Error('too few pages');
    site.edit.trash(back);
    await syncMirror(settings);
    const other = site
      .spaces()
      .find(
        ({ key, status }) =>
          status === 'current' && key !== truthOf(site).find(({ id }) => id === away)?.spaceKey,
      );
    site.edit.edit(edited);
    site.edit.rename(renamed, 'Renamed');
    site.edit.move(moved, edited);
    site.edit.moveToSpace(away, other?.key ?? '');
    site.edit.archive(archived);
    site.edit.trash(trashed);
    site.edit.purge(purged);
    site.edit.restore(back);
    const created = site.edit.create({ spaceKey: other?.key ?? '' });

    const { report } = await syncMirror(settings);

    const changes = await query<{ page_id: string; kind: string }>(
      database.url,
      'select page_id, kind from confluence_page_changes where run_id = $1',
      [report.run_id],
    );
    const kinds = new Map(changes.map(({ page_id: id, kind }) => [id, kind]));
    expect([edited, renamed, moved, away, trashed, purged, back, created].map((id) => kinds.get(id))).toEqual(
      ['updated', 'updated', 'moved', 'moved', 'deleted', 'deleted', 'restored', 'created'],
    );
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
    expect(await replayedFeed(database.url)).toEqual(await feedFormOfTable(database.url));
  });
});
