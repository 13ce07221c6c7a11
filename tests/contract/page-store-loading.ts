import { describe, expect, test } from '@jest/globals';
import { batch, failure, head, ids, record } from './page-store-values.ts';
import type { StoreUnderTest } from './page-store-values.ts';
import type { PageOutcome } from '../../src/sync/store.ts';

/** Pages on their way into the table, and out of it. */
export function loadingTests(current: () => StoreUnderTest): void {
  const load = (given: Parameters<typeof batch>[0]) => current().database.store.load(batch(given));
  const page = async (id: string) =>
    (await current().query(`select * from confluence_pages where id = '${id}'`))[0];
  const body = async (id: string) =>
    (await current().query(`select storage from confluence_page_bodies where page_id = '${id}'`))[0]?.[
      'storage'
    ];
  const rowVersions = () =>
    current()
      .query(`select id, p.xmin::text, p.ctid::text, b.xmin::text as body_xmin, b.ctid::text as body_ctid
      from confluence_pages p left join confluence_page_bodies b on b.page_id = p.id order by id`);
  const feed = () => current().query('select * from confluence_page_changes order by seq');

  describe('loading', () => {
    test('a new page is stored with every field, its body and a feed row', async () => {
      const given = record('7', {
        title: 'Größe 🎈',
        parentId: '3',
        type: 'blogpost',
        status: 'archived',
        version: 4,
      });

      const result = await load({ records: [given] });

      expect(result).toEqual({ outcomes: new Map([['7', 'created']]), failures: [] });
      expect(await page('7')).toMatchObject({
        id: '7',
        title: 'Größe 🎈',
        space_key: 'HR',
        content_hash: given.contentHash,
        last_updated: given.head.lastUpdated,
        version: 4,
        url: given.head.url,
        type: 'blogpost',
        status: 'archived',
        parent_id: '3',
        hash_version: 1,
        deleted_at: null,
        deleted_reason: null,
      });
      expect(await body('7')).toBe('<p>7</p>');
      expect(await feed()).toMatchObject([
        {
          page_id: '7',
          space_key: 'HR',
          kind: 'created',
          content_changed: true,
          previous_hash: null,
          version: 4,
          run_id: 'run-1',
        },
      ]);
    });

    test('promise 1: a batch that is loaded again writes nothing', async () => {
      const records = ids(30).map((id) => record(id));
      await load({ records });
      const [before, fed] = [await rowVersions(), await feed()];

      const result = await load({ records });

      expect(new Set(result.outcomes.values())).toEqual(new Set(['unchanged']));
      expect(await rowVersions()).toEqual(before);
      expect(await feed()).toEqual(fed);
    });

    const changes: readonly [string, PageOutcome, Parameters<typeof record>[1]][] = [
      ['another title', 'updated', { title: 'New' }],
      ['another version', 'updated', { version: 2 }],
      ['another time', 'updated', { lastUpdated: new Date('2026-01-02T03:04:05.679Z') }],
      ['another address', 'updated', { url: 'https://example.atlassian.net/wiki/x' }],
      ['another status', 'updated', { status: 'archived' }],
      ['another type', 'updated', { type: 'blogpost' }],
      ['another body', 'updated', { storage: '<p>new</p>' }],
      ['another space', 'moved', { spaceKey: 'IT' }],
      ['another parent', 'moved', { parentId: '1' }],
      ['another parent and another body', 'moved', { parentId: '1', storage: '<p>new</p>' }],
    ];
    test.each(changes)('%s makes the page %s', async (_name, outcome, given) => {
      await load({ records: [record('7')] });

      const result = await load({ records: [record('7', given)] });

      expect(result.outcomes.get('7')).toBe(outcome);
      expect((await feed()).at(-1)).toMatchObject({
        kind: outcome,
        content_changed: given?.storage !== undefined,
      });
    });

    test('a page that comes back is restored, even where it moved too', async () => {
      await load({ records: [record('7')] });
      await load({ deletions: [{ id: '7', status: 'trashed', reason: 'trashed' }] });

      const result = await load({ records: [record('7', { spaceKey: 'IT' })] });

      expect(result.outcomes.get('7')).toBe('restored');
      expect(await page('7')).toMatchObject({ deleted_at: null, deleted_reason: null, status: 'current' });
    });

    test('markup that changed without its words is stored, and is no change of content', async () => {
      await load({ records: [record('7', { storage: '<p>a</p>', contentHash: 'same' })] });
      const before = await page('7');

      const result = await load({ records: [record('7', { storage: '<p>a</p> ', contentHash: 'same' })] });

      expect(result.outcomes.get('7')).toBe('updated');
      expect(await body('7')).toBe('<p>a</p> ');
      expect((await feed()).at(-1)).toMatchObject({
        content_changed: false,
        previous_hash: 'same',
        content_hash: 'same',
      });
      expect((await page('7'))?.['content_changed_at']).toEqual(before?.['content_changed_at']);
    });

    test('content_changed_at moves with the hash', async () => {
      await load({ records: [record('7')] });
      const before = await page('7');

      await load({ records: [record('7', { storage: '<p>b</p>' })] });

      const after = await page('7');
      expect(Number(after?.['content_changed_at'])).toBeGreaterThan(Number(before?.['content_changed_at']));
    });

    test('a head that changed writes the row and leaves the body alone', async () => {
      await load({ records: [record('7')] });
      const before = await rowVersions();

      const result = await load({ heads: [head('7', { parentId: '3' })] });

      const after = await rowVersions();
      expect(result.outcomes.get('7')).toBe('moved');
      expect(after[0]?.['xmin']).not.toBe(before[0]?.['xmin']);
      expect(after[0]?.['body_xmin']).toBe(before[0]?.['body_xmin']);
    });

    test('a changed head with an unchanged body in the record writes no body', async () => {
      await load({ records: [record('7')] });
      const before = await rowVersions();

      await load({ records: [record('7', { version: 2 })] });

      expect((await rowVersions())[0]?.['body_xmin']).toBe(before[0]?.['body_xmin']);
    });

    test('a head without a stored body goes to the quarantine, to be fetched whole', async () => {
      const result = await load({ heads: [head('7')] });

      expect(result.outcomes.get('7')).toBe('failed');
      expect(result.failures).toMatchObject([{ id: '7', stage: 'store', code: 'body_missing' }]);
    });

    test('promise 6: an older version does not overwrite a newer one', async () => {
      await load({ records: [record('7', { version: 5, title: 'New' })] });

      const older = await load({ records: [record('7', { version: 4, title: 'Old' })] });
      const olderHead = await load({ heads: [head('7', { version: 4, title: 'Old' })] });

      expect([older.outcomes.get('7'), olderHead.outcomes.get('7')]).toEqual(['unchanged', 'unchanged']);
      expect(await page('7')).toMatchObject({ version: 5, title: 'New' });
    });

    test('promise 6: an older version overwrites when the source went back', async () => {
      await load({ records: [record('7', { version: 5 })] });

      const result = await load({ records: [record('7', { version: 4, wentBack: true })] });

      expect(result.outcomes.get('7')).toBe('updated');
      expect(await page('7')).toMatchObject({ version: 4 });
    });

    test('of two versions in one batch the newer is stored, once', async () => {
      const records = [record('7', { version: 3, title: 'New' }), record('7', { version: 2, title: 'Old' })];

      const result = await load({ records });

      expect([...result.outcomes]).toEqual([['7', 'created']]);
      expect(await page('7')).toMatchObject({ version: 3, title: 'New' });
      expect(await feed()).toHaveLength(1);
    });

    test('a deleted page keeps its row and body, and says when and why', async () => {
      await load({ records: [record('7')] });

      const result = await load({ deletions: [{ id: '7', status: 'deleted', reason: 'gone' }] });

      expect(result.outcomes.get('7')).toBe('deleted');
      expect(await page('7')).toMatchObject({
        status: 'deleted',
        deleted_reason: 'gone',
        deleted_at: expect.any(Date) as unknown,
      });
      expect(await body('7')).toBe('<p>7</p>');
      expect((await feed()).at(-1)).toMatchObject({ kind: 'deleted', content_changed: false });
    });

    test('deleting a page twice, or one that is not there, changes nothing', async () => {
      await load({ records: [record('7')] });
      await load({ deletions: [{ id: '7', status: 'deleted', reason: 'gone' }] });
      const [before, fed] = [await rowVersions(), await feed()];

      const again = await load({
        deletions: [
          { id: '7', status: 'trashed', reason: 'trashed' },
          { id: '8', status: 'deleted', reason: 'gone' },
        ],
      });

      expect([...again.outcomes.values()]).toEqual(['unchanged', 'unchanged']);
      expect([await rowVersions(), await feed()]).toEqual([before, fed]);
    });

    test('every part of a batch gets an outcome', async () => {
      await load({ records: [record('7'), record('8')] });

      const result = await load({
        records: [record('9')],
        heads: [head('7', { url: 'https://example.atlassian.net/wiki/new' })],
        failures: [failure('10')],
        deletions: [{ id: '8', status: 'trashed', reason: 'trashed' }],
      });

      expect(Object.fromEntries(result.outcomes)).toEqual({
        7: 'updated',
        8: 'deleted',
        9: 'created',
        10: 'failed',
      });
      expect(result.failures).toEqual([]);
    });

    test.each(['+012345-06-07T08:09:10.011Z', '0044-03-15T00:00:00.000Z', '-000043-03-15T00:00:00.000Z'])(
      'the time %s comes back to the millisecond, and is no change the next time',
      async (time) => {
        const given = record('7', { lastUpdated: new Date(time) });
        await load({ records: [given] });

        const again = await load({ records: [given] });

        expect(again.outcomes.get('7')).toBe('unchanged');
        expect(
          (await current().database.reader.known({ ids: ['7'], range: null }))[0]?.lastUpdated.toISOString(),
        ).toBe(time);
      },
    );

    test.each(['', 'null', '{}', '\\', '"', "a'b", '\u{1F388}', '\r\n\t', 'NULL,"x"\\,{'])(
      'text of every shape comes back as it was: %j',
      async (text) => {
        await load({ records: [record('7', { title: text, storage: text })] });

        expect(await page('7')).toMatchObject({ title: text });
        expect(await body('7')).toBe(text);
      },
    );

    test('a long title and a long body come back whole', async () => {
      const [title, storage] = ['x'.repeat(100_000), 'Ö'.repeat(3_000_000)];

      await load({ records: [record('7', { title, storage })] });

      expect((await page('7'))?.['title'] === title).toBe(true);
      expect((await body('7')) === storage).toBe(true);
    });

    test('the progress of a space is written with the batch, and what it does not say stays', async () => {
      const space = { key: 'HR', name: 'Human\0 resources', status: 'current' } as const;
      const held = { reason: 'too many', wouldDelete: 5, ofPages: 9, ids: ['1'] };
      const watermark = new Date('2026-02-03T04:05:06.789Z');
      await load({ space: { ...space, watermark, listed: true, held } });

      await load({ space: { ...space, name: 'People' } });

      const [kept] = await current().database.reader.spaces();
      expect(kept).toEqual({
        key: 'HR',
        name: 'People',
        status: 'current',
        livePages: 0,
        watermark,
        lastListedAt: expect.any(Date) as unknown,
        held,
      });
      await load({ space: { ...space, held: null } });
      expect((await current().database.reader.spaces())[0]).toMatchObject({ held: null, watermark });
    });

    test('an empty batch is nothing', async () => {
      expect(await load({})).toEqual({ outcomes: new Map(), failures: [] });
    });
  });

  describe('re-hashing', () => {
    test('replaces hashes and nothing else', async () => {
      await load({ records: [record('7'), record('8')] });
      const [before, fed] = [await page('7'), await feed()];

      await current().database.store.rehash([{ id: '7', contentHash: 'new', hashVersion: 2 }]);

      expect(await page('7')).toEqual({ ...before, content_hash: 'new', hash_version: 2 });
      expect(await feed()).toEqual(fed);
    });

    test('a page that comes with a new canonical form of the same body is re-hashed without a word', async () => {
      await load({ records: [record('7')] });
      const [before, fed] = [await page('7'), await feed()];

      const result = await load({ records: [record('7', { contentHash: 'new', hashVersion: 2 })] });

      expect(result.outcomes.get('7')).toBe('unchanged');
      expect(await page('7')).toEqual({ ...before, content_hash: 'new', hash_version: 2 });
      expect(await feed()).toEqual(fed);
    });

    test('a new title under a new canonical form is no change of content', async () => {
      await load({ records: [record('7')] });

      await load({ records: [record('7', { title: 'New', contentHash: 'new', hashVersion: 2 })] });

      expect((await feed()).at(-1)).toMatchObject({
        kind: 'updated',
        content_changed: false,
        content_hash: 'new',
      });
    });
  });
}
