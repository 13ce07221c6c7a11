import { describe, expect, test } from '@jest/globals';
import { createConfluenceSource } from '../../../src/confluence/create-confluence-source.ts';
import type { TruePage } from '../../../src/sample-site/sample-site.ts';
import type { SourcePage } from '../../../src/sync/page.ts';
import type { ListedPage, PageSource } from '../../../src/sync/source.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';
import { serveSite, type Served } from './serve-site.ts';

const signal = AbortSignal.timeout(120_000);

describe.each(['cloud', 'datacenter', 'gateway'] as const)('the source adapter on the %s site', (form) => {
  test('reads exactly what the site says is there', async () => {
    const served = await serveForm(form);
    disturb(served);
    const source = sourceOf(served, form);

    const { spaces, complete } = await source.listSpaces(signal);
    const pages: SourcePage[] = [];
    for (const space of spaces) pages.push(...(await readSpace(source, space)));

    expect(complete).toBe(true);
    const visible = [...served.site.pages()].filter(
      ({ status }) => form !== 'datacenter' || status === 'current',
    );
    expect(pages.length).toBeGreaterThan(600);
    expect(sorted(pages.map(ofSource))).toEqual(sorted(visible.map(ofTruth)));
  });

  test('knows pages in the trash and gone ones from live ones', async () => {
    const served = await serveForm(form);
    const [live = '', trashed = '', purged = ''] = Array.from(served.site.pages(), ({ id }) => id);
    served.site.edit.trash(trashed);
    served.site.edit.purge(purged);
    const source = sourceOf(served, form);

    const words = await source.confirm([live, trashed, purged], signal);

    expect([live, trashed, purged].map((id) => words.get(id)?.kind)).toEqual(['live', 'trashed', 'gone']);
    expect(await source.whoAmI(signal)).toMatchObject({ kind: 'user' });
  });
});

function serveForm(form: 'cloud' | 'datacenter' | 'gateway'): Promise<Served> {
  const deployment = form === 'datacenter' ? 'datacenter' : 'cloud';
  return serveSite({ deployment, pages: 700, ...(form === 'datacenter' && { contextPath: '/confluence' }) });
}

function disturb({ site }: Served): void {
  const ids = Array.from(site.pages(), ({ id }) => id);
  for (const id of ids.slice(10, 20)) site.edit.trash(id);
  for (const id of ids.slice(20, 40)) site.edit.edit(id);
  for (const id of ids.slice(40, 50)) site.edit.moveToSpace(id, 'ENG');
  for (const id of ids.slice(50, 60)) site.edit.rewriteVolatile(id);
  site.edit.create({ spaceKey: 'ENG', title: 'Made just now' });
}

function sourceOf(served: Served, form: string): PageSource {
  const settings = {
    baseUrl: form === 'gateway' ? (served.gatewayUrl ?? '') : served.url,
    deployment: form === 'gateway' ? 'cloud' : 'auto',
    credentials: { kind: 'basic', user: 'jo', secret: 'x' },
    cloudId: null,
    contentTypes: ['page'],
    archived: 'include',
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 50_000_000,
    ca: null,
    proxy: null,
    noProxy: null,
  } as const;
  return createConfluenceSource(settings, { clock: realClock, random: () => 0.5, log: quietLog });
}

async function readSpace(
  source: PageSource,
  space: Parameters<PageSource['listPages']>[0],
): Promise<SourcePage[]> {
  const listed: ListedPage[] = [];
  for await (const event of source.listPages(space, { bodies: false }, signal)) {
    if (event.kind === 'batch') listed.push(...event.pages);
    else expect(event).toEqual({ kind: 'end', complete: true });
  }
  const heads = listed.flatMap((page) => (page.kind === 'head' ? [page.id] : []));
  const fetched = await source.fetchPages(heads, signal);
  return fetched.flatMap((page) => (page.kind === 'page' ? [page] : []));
}

type Compared = Omit<TruePage, 'poison'>;

function ofSource({ head, storage }: SourcePage): Compared {
  const { id, title, spaceKey, version, lastUpdated, parentId, status, type, url } = head;
  return { id, title, spaceKey, version, lastUpdated, parentId, status, type, url, storage };
}

function ofTruth(page: TruePage): Compared {
  const { id, title, spaceKey, version, lastUpdated, parentId, status, type, url, storage } = page;
  return { id, title, spaceKey, version, lastUpdated, parentId, status, type, url, storage };
}

function sorted(pages: readonly Compared[]): Compared[] {
  return [...pages].sort((a, b) => (a.id < b.id ? -1 : 1));
}
