import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { comparePageIds } from '../../src/sync/page-id.ts';
import type { PageHead, SourcePage } from '../../src/sync/page.ts';
import type { ListedPage, PageSource } from '../../src/sync/source.ts';

/** A source over a site of its own, and what people do to that site. */
export type SourceUnderTest = Readonly<{
  source: PageSource;
  edit: Readonly<{
    /** A new version with this body. */
    edit: (id: string, storage: string) => void;
    trash: (id: string) => void;
    purge: (id: string) => void;
  }>;
  close: () => Promise<void> | void;
}>;

/** Makes a site with this many pages in one space or several, and a source over it. */
export type MakeSource = (pages: number) => Promise<SourceUnderTest>;

const PAGES = 120;
const UNKNOWN = '77';
const never = new AbortController().signal;

/** Holds a page source to its port, whatever is behind it. */
export function describePageSource(name: string, make: MakeSource): void {
  describe(name, () => {
    let under: SourceUnderTest;
    beforeEach(async () => {
      under = await make(PAGES);
    });
    afterEach(async () => {
      await under.close();
    });

    test('the same credentials are the same user each time', async () => {
      const first = await under.source.whoAmI(never);

      expect(first.kind).toBe('user');
      expect(await under.source.whoAmI(never)).toEqual(first);
      expect(await under.source.site(never)).toEqual(await under.source.site(never));
    });

    test('every space ends its listing once, complete, and by ascending id', async () => {
      const { spaces, complete } = await under.source.listSpaces(never);
      const all: string[] = [];
      for (const space of spaces) {
        const ids: string[] = [];
        const ends: unknown[] = [];
        for await (const event of under.source.listPages(space, { bodies: false }, never)) {
          expect(ends).toEqual([]);
          if (event.kind === 'end') ends.push(event);
          else ids.push(...event.pages.map(idOf));
        }
        expect(ends).toEqual([{ kind: 'end', complete: true }]);
        expect(ids).toEqual([...ids].sort(comparePageIds));
        all.push(...ids);
      }

      expect(complete).toBe(true);
      expect(new Set(all).size).toBe(PAGES);
      expect(all).toHaveLength(PAGES);
    });

    test('a listing with bodies and a fetch by id tell the same of a page', async () => {
      const heads = headsOf(await listAll(under.source, false));
      const listed = pagesOf(await listAll(under.source, true));

      const fetched = pagesOf(
        await under.source.fetchPages(
          heads.map((head) => head.id),
          never,
        ),
      );

      expect(byId(fetched)).toEqual(byId(listed));
      expect(byId(fetched).map((page) => page.head)).toEqual(
        heads.sort((a, b) => comparePageIds(a.id, b.id)),
      );
    });

    test('each distinct id gets exactly one answer', async () => {
      const [first] = headsOf(await listAll(under.source, false));
      const id = first?.id ?? '';

      const fetched = await under.source.fetchPages([id, UNKNOWN, id], never);
      const confirmed = await under.source.confirm([id, UNKNOWN, id], never);

      expect(fetched.map((page) => page.kind).sort()).toEqual(['absent', 'page']);
      expect([...confirmed.keys()].sort()).toEqual([id, UNKNOWN].sort());
      expect(await under.source.fetchPages([], never)).toEqual([]);
      expect(await under.source.confirm([], never)).toEqual(new Map());
    });

    test('an edit shows as a higher version with the new body', async () => {
      const [before] = headsOf(await listAll(under.source, false));
      const id = before?.id ?? '';

      under.edit.edit(id, '<p>Other words &amp; 😀</p>');

      const [after] = pagesOf(await under.source.fetchPages([id], never));
      expect(after?.storage).toBe('<p>Other words &amp; 😀</p>');
      expect(after?.head.version).toBeGreaterThan(before?.version ?? Infinity);
    });

    test('changes come newest first, and an edit before all others', async () => {
      const heads = headsOf(await listAll(under.source, false));
      const edited = heads.at(40)?.id ?? '';
      under.edit.edit(edited, '<p>New</p>');

      const { spaces } = await under.source.listSpaces(never);
      const changes: PageHead[] = [];
      for await (const event of under.source.listChanges(spaces, never))
        if (event.kind === 'batch') changes.push(...headsOf(event.pages));

      const times = changes.map((head) => head.lastUpdated.getTime());
      expect(changes[0]).toMatchObject({ id: edited });
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(heads.map((head) => head.id)).toEqual(expect.arrayContaining(changes.map((head) => head.id)));
      expect(new Set(changes.map((head) => head.id)).size).toBe(changes.length);
    });

    test('a page that is not live is told apart from one that is', async () => {
      const [live, trashed, purged] = headsOf(await listAll(under.source, false)).map((head) => head.id);
      under.edit.trash(trashed ?? '');
      under.edit.purge(purged ?? '');

      const ids = [live ?? '', trashed ?? '', purged ?? ''];
      const confirmed = await under.source.confirm(ids, never);
      const fetched = await under.source.fetchPages(ids, never);
      const listed = (await listAll(under.source, false)).map(idOf);

      expect(ids.map((id) => confirmed.get(id)?.kind)).toEqual(['live', 'trashed', 'gone']);
      expect(fetched.filter((page) => page.kind === 'absent')).toHaveLength(2);
      expect(listed).toHaveLength(PAGES - 2);
    });
  });
}

async function listAll(source: PageSource, bodies: boolean): Promise<readonly ListedPage[]> {
  const pages: ListedPage[] = [];
  for (const space of (await source.listSpaces(never)).spaces)
    for await (const event of source.listPages(space, { bodies }, never))
      if (event.kind === 'batch') pages.push(...event.pages);
  return pages;
}

function idOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

function headsOf(pages: readonly ListedPage[]): PageHead[] {
  return pages.filter((page) => page.kind === 'head');
}

function pagesOf(pages: readonly Readonly<{ kind: string }>[]): SourcePage[] {
  return pages.filter((page): page is SourcePage => page.kind === 'page');
}

function byId(pages: readonly SourcePage[]): readonly SourcePage[] {
  return [...pages].sort((a, b) => comparePageIds(a.head.id, b.head.id));
}
