import type { PageFailure, PageHead, SourcePage, Space, Standing } from '../../src/sync/page.ts';
import { comparePageIds } from '../../src/sync/page-id.ts';
import type {
  Ancestry,
  FetchedPage,
  Identity,
  ListingEvent,
  PageSource,
  Presence,
} from '../../src/sync/source.ts';

/** A Confluence held in memory that a test edits and breaks by hand. */
export type FakeSource = PageSource & {
  readonly spaces: Space[];
  readonly pages: Map<string, SourcePage>;
  /** Pages that no listing shows and that are there by id. */
  readonly unlisted: Map<string, SourcePage>;
  readonly failures: Map<string, PageFailure>;
  /** What `confirm` says of ids that are not live; `gone` where nothing is said. */
  readonly presences: Map<string, Presence>;
  /** Identities to answer with, in turn; the last one stays. */
  identities: Identity[];
  /** Ends the listing of these spaces as incomplete, after so many batches. */
  readonly broken: Map<string, number>;
  /** How many bodies were fetched by id, and which ids were confirmed. */
  readonly fetched: string[];
  readonly confirmed: string[];
  /** Pages whose ancestors were asked for, one list a question. */
  readonly climbed: string[][];
  /** Parents by id that are no pages, each with what it is below. */
  readonly folders: Map<string, string | null>;
  /** Batches of changes that were read. */
  changeBatches: number;
  put(page: Partial<PageHead> & { id: string }, storage?: string): void;
};

/** An empty site with the given spaces; listings come in batches of `batchSize`. */
export function createFakeSource(keys: readonly string[], batchSize = 3): FakeSource {
  const source: FakeSource = {
    spaces: keys.map((key) => ({ id: key, key, name: `Space ${key}`, status: 'current' })),
    pages: new Map(),
    unlisted: new Map(),
    failures: new Map(),
    presences: new Map(),
    identities: [{ kind: 'user', id: 'u-1', displayName: 'Ada' }],
    broken: new Map(),
    fetched: [],
    confirmed: [],
    climbed: [],
    folders: new Map(),
    changeBatches: 0,
    put(head, storage = `<p>${head.id}</p>`) {
      source.pages.set(head.id, { kind: 'page', head: { ...blankHead(head.id), ...head }, storage });
    },
    site: () =>
      Promise.resolve({
        deployment: 'cloud',
        baseUrl: 'https://fake.example.com/wiki',
        cloudId: null,
        version: null,
      }),
    whoAmI: () =>
      Promise.resolve(
        (source.identities.length > 1 ? source.identities.shift() : source.identities[0]) ?? {
          kind: 'anonymous',
        },
      ),
    listSpaces: () => Promise.resolve({ spaces: [...source.spaces], complete: true, reason: null }),
    listPages: (space, { bodies }) => list(source, space.key, bodies, batchSize),
    listChanges: (spaces) => listChanges(source, new Set(spaces.map((space) => space.key)), batchSize),
    fetchPages: (ids) => Promise.resolve([...new Set(ids)].map((id) => fetchOne(source, id))),
    confirm: (ids) => Promise.resolve(new Map(ids.map((id) => [id, confirmOne(source, id)]))),
    ancestry: (pages) => {
      source.climbed.push(pages.map(({ id }) => id));
      return Promise.resolve(new Map(pages.map((page) => [page.id, climbFrom(source, page)])));
    },
    counts: () => ({ requests: 0, retries: 0, waitedMs: 0, bytes: 0 }),
  };
  return source;
}

function blankHead(id: string): PageHead {
  return {
    kind: 'head',
    id,
    type: 'page',
    title: `Page ${id}`,
    spaceKey: 'HR',
    status: 'current',
    version: 1,
    lastUpdated: new Date('2026-03-19T14:23:48.556Z'),
    parentId: null,
    url: `https://fake.example.com/wiki/pages/${id}`,
  };
}

async function* list(
  source: FakeSource,
  key: string,
  bodies: boolean,
  size: number,
): AsyncGenerator<ListingEvent> {
  const failures = [...source.failures.values()].filter((failure) => failure.spaceKey === key);
  const pages = [...source.pages.values()].filter(
    (page) => page.head.spaceKey === key && !source.failures.has(page.head.id),
  );
  const rows = [...failures, ...pages.map((page) => (bodies ? page : page.head))];
  const idOf = (row: (typeof rows)[number]) => (row.kind === 'page' ? row.head.id : row.id);
  rows.sort((left, right) => comparePageIds(idOf(left), idOf(right)));
  for (let from = 0, batch = 0; from < rows.length; from += size, batch++) {
    if (source.broken.get(key) === batch) break;
    yield await Promise.resolve({ kind: 'batch' as const, pages: rows.slice(from, from + size) });
  }
  if (source.broken.has(key)) yield { kind: 'end', complete: false, reason: 'the fake broke off' };
  else yield { kind: 'end', complete: true };
}

async function* listChanges(
  source: FakeSource,
  keys: ReadonlySet<string>,
  size: number,
): AsyncGenerator<ListingEvent> {
  const newestFirst = () =>
    [...source.pages.values()]
      .map((page) => page.head)
      .filter((head) => keys.has(head.spaceKey))
      .sort((left, right) => right.lastUpdated.getTime() - left.lastUpdated.getTime());
  for (let from = 0; from < newestFirst().length; from += size) {
    source.changeBatches++;
    yield await Promise.resolve({ kind: 'batch' as const, pages: newestFirst().slice(from, from + size) });
  }
  yield { kind: 'end', complete: true };
}

function fetchOne(source: FakeSource, id: string): FetchedPage {
  source.fetched.push(id);
  return source.failures.get(id) ?? source.pages.get(id) ?? source.unlisted.get(id) ?? { kind: 'absent', id };
}

function confirmOne(source: FakeSource, id: string): Presence {
  source.confirmed.push(id);
  const head = (source.pages.get(id) ?? source.unlisted.get(id))?.head;
  const live: Presence | null =
    head === undefined
      ? null
      : { kind: 'live', spaceKey: head.spaceKey, status: head.status, parentId: head.parentId };
  return source.presences.get(id) ?? live ?? { kind: 'gone' };
}

/** As Cloud answers: one step above a parent that is a page, all ancestors where it is none. */
function climbFrom(source: FakeSource, { id, parentId }: Standing): Ancestry {
  const parent = source.pages.get(parentId ?? '');
  if (parent !== undefined) return { kind: 'parent', parentId: parent.head.parentId };
  if (!source.pages.has(id)) return { kind: 'absent' };
  const chain: string[] = [];
  for (let above = parentId; above !== null && !chain.includes(above);) {
    chain.unshift(above);
    const next = source.folders.get(above) ?? source.pages.get(above)?.head.parentId;
    if (next === undefined && !source.folders.has(above)) return { kind: 'unclear', reason: 'nobody knows' };
    above = next ?? null;
  }
  return { kind: 'chain', ancestorIds: chain };
}
