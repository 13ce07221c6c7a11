import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createConfluenceSource,
  type ConfluenceSource,
} from '../../../src/confluence/create-confluence-source.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { Deployment, SampleSite, TruePage } from '../../../src/sample-site/sample-site.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const PAGES = 1000;

describe.each<Deployment>(['cloud', 'datacenter'])('below a root page of %s', (deployment) => {
  let site: SampleSite;
  let origin: string;
  let source: ConfluenceSource;
  let mirror: MemoryMirror;
  let root: string;

  beforeEach(async () => {
    site = createSampleSite({ deployment, pages: PAGES, spaces: 2, clock: realClock });
    const { url } = await site.listen(0);
    origin = url;
    const settings = {
      deployment,
      cloudId: null,
      archived: 'include',
      ca: null,
      proxy: null,
      noProxy: null,
    } as const;
    source = createConfluenceSource(
      {
        ...settings,
        ...{
          baseUrl: url,
          contentTypes: ['page'],
          concurrency: 4,
          timeoutMs: 30_000,
          maxBodyBytes: 10_000_000,
        },
        credentials: { kind: 'basic', user: 'tests@example.com', secret: 'tests-token' },
      },
      { clock: realClock, random: () => 0, log: quietLog },
    );
    mirror = createMemoryMirror();
    // The sixth page of the first space: the page of that space that lies in a folder is below it.
    root = pagesOf(0)[5]?.id ?? '';
  });
  afterEach(async () => {
    source.close();
    await site.close();
  });

  async function sync(changes: Partial<SyncRequest> = {}): Promise<SyncResult> {
    const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
    const request = { ...fullRequest, scope: { ...fullRequest.scope, rootPages: [root] }, ...changes };
    return await runSync(parts, request, new AbortController().signal);
  }

  function pagesOf(space: number): TruePage[] {
    const key = site.spaces()[space]?.key;
    return [...site.pages()].filter((page) => page.spaceKey === key);
  }

  /** The live pages at and below the root, by their own parents; folders are asked for by hand. */
  async function truth(): Promise<TruePage[]> {
    const pages = new Map([...site.pages()].map((page) => [page.id, page]));
    const parents = new Map<string, string | null>(
      [...pages.values()].map((page) => [page.id, page.parentId]),
    );
    const isBelow = async (id: string): Promise<boolean> => {
      if (id === root) return true;
      if (!parents.has(id)) {
        const answer = await fetch(`${origin}/api/v2/folders/${id}`, {
          headers: { authorization: 'Bearer x' },
        });
        parents.set(id, ((await answer.json()) as { parentId: string | null }).parentId);
      }
      const above = parents.get(id) ?? null;
      return above !== null && (await isBelow(above));
    };
    const below: TruePage[] = [];
    for (const page of pages.values()) if (await isBelow(page.id)) below.push(page);
    return below;
  }

  const facts = ({
    id,
    title,
    version,
    parentId,
    spaceKey,
    storage,
  }: Omit<TruePage, 'poison' | 'status' | 'type' | 'url' | 'lastUpdated'>) =>
    [id, title, version, parentId, spaceKey, storage].join(' ');
  const mirrored = () =>
    [...mirror.rows.values()]
      .filter((row) => !row.deleted)
      .map(facts)
      .sort();
  const wanted = async () => (await truth()).map(facts).sort();
  /** What the sync asked for; the test's own questions carry another kind of credentials. */
  const asked = () =>
    site.requests.filter(({ authorization }) => authorization === 'basic').map(({ path }) => path);
  const childrenOf = (id: string) => [...site.pages()].filter((page) => page.parentId === id);
  const outsider = () => pagesOf(0)[3]?.id ?? '';
  const insider = async (place: number) => (await truth())[place]?.id ?? '';

  test('a full run holds exactly what is there, one that follows writes nothing', async () => {
    const first = await sync();
    const [changes, requests] = [mirror.changes.length, asked().length];
    const second = await sync();

    expect(first.report.outcome).toBe('succeeded');
    expect(mirrored()).toHaveLength(first.report.counts.created);
    expect(mirrored().length).toBeGreaterThan(8);
    expect(mirrored()).toEqual(await wanted());
    expect(second.report.counts).toMatchObject({ unchanged: changes, fetched: 0, failed: 0 });
    expect(mirror.changes).toHaveLength(changes);
    // The page tree costs nothing but the root, and on Cloud its five folders.
    expect(asked().length - requests).toBeLessThanOrEqual(deployment === 'cloud' ? 14 : 9);
  });

  test('an incremental run takes in what changed inside, and nothing of what changed outside', async () => {
    await sync();
    await sync({ mode: 'incremental' });
    site.edit.edit(await insider(2));
    site.edit.edit(outsider());
    site.edit.create({ spaceKey: pagesOf(0)[0]?.spaceKey ?? '', parentId: await insider(4) });
    site.edit.create({ spaceKey: pagesOf(0)[0]?.spaceKey ?? '', parentId: outsider() });

    const { report } = await sync({ mode: 'incremental' });

    expect(report).toMatchObject({ mode: 'incremental', counts: { created: 1, updated: 1, failed: 0 } });
    expect(mirrored()).toEqual(await wanted());
  });

  test('what moves out without a version leaves with all below it, and comes back the same way', async () => {
    await sync();
    const [branch = '', leaf = ''] = childrenOf(root).map(({ id }) => id);
    const before = mirrored().length;
    site.edit.move(branch, outsider());
    site.edit.moveToSpace(leaf, site.spaces()[1]?.key ?? '');

    const out = await sync();
    expect(out.report.outcome).toBe('succeeded');
    expect(mirrored()).toEqual(await wanted());
    expect(mirrored().length).toBeLessThan(before - 2);
    expect(mirror.rows.get(branch)).toMatchObject({ deleted: true, deletedReason: 'out_of_scope' });

    site.edit.move(branch, root);
    site.edit.moveToSpace(leaf, site.spaces()[0]?.key ?? '', root);
    const back = await sync();
    expect(back.report.outcome).toBe('succeeded');
    expect(mirrored()).toHaveLength(before);
    expect(mirrored()).toEqual(await wanted());
  });

  test('old pages below a new one are told in bulk, not one by one', async () => {
    const key = pagesOf(0)[0]?.spaceKey ?? '';
    const parents = Array.from({ length: 40 }, () => site.edit.create({ spaceKey: key, parentId: root }));
    const above = new Set(pagesOf(0).map((page) => page.parentId));
    const old = pagesOf(0).filter((page) => !above.has(page.id));
    for (const [at, parent] of parents.entries()) site.edit.move(old[at]?.id ?? '', parent);

    await sync();

    expect(mirrored()).toEqual(await wanted());
    expect(asked().filter((path) => path.includes('/ancestors')).length).toBeLessThanOrEqual(5);
    expect(asked().length).toBeLessThanOrEqual(25);
  });

  test('a root in the trash is named, and what was below it stays until a person lets it go', async () => {
    await sync();
    const before = mirrored();
    site.edit.trash(root);

    const { report } = await sync();
    expect(report.outcome).toBe('held');
    expect(report.notes).toContain(`root page ${root} is wanted, but it is in the trash`);
    expect(mirrored()).toEqual(before);

    await sync({ acceptDeletes: true });
    expect(mirrored()).toEqual([]);
  });

  test('a root that is not there is named, and the first run ends with that', async () => {
    site.edit.purge(root);

    const { error } = await sync();

    expect(error?.message).toContain(`root page ${root} is wanted, but it does not exist`);
    expect(error?.advice).toBe('configure');
  });
});
