import type { SiteSpace } from '../content.ts';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { withLinks } from '../http/with-links.ts';
import { compareKeys, type Key } from '../state/order.ts';
import { takePage } from '../take-page.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { findSpace } from './find-space.ts';
import { listAnswer } from './list-answer.ts';
import { readIds, readLimit, readList, readWord } from './read-query.ts';
import { badParameter } from './v2-error.ts';

type SpaceOrder = 'id' | 'key' | 'name';
type SpaceFilter = Readonly<{
  ids: string[] | null;
  keys: string[] | null;
  type: string | null;
  status: string | null;
}>;

const MOST = 250;
const ORDERS = ['id', '-id', 'key', '-key', 'name', '-name'] as const;
const TYPES = [
  'global',
  'collaboration',
  'knowledge_base',
  'personal',
  'system',
  'onboarding',
  'xflow_sample_space',
] as const;

/** Lists spaces, current and archived ones alike unless told. */
export function listSpaces(site: Site, call: Call): Answer {
  const { query } = call;
  const sort = readWord(query, 'sort', ORDERS) ?? 'id';
  const order: SpaceOrder = sort.endsWith('key') ? 'key' : sort.endsWith('name') ? 'name' : 'id';
  const filter = readFilter(query);
  const after = readCursor(query, sort, order);
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = (space: SiteSpace): Key => ({ id: space.id, value: order === 'id' ? 0 : space[order] });
  const sorted = site.library.spaces.toSorted((a, b) => sign * compareKeys(key(a), key(b)));
  const wanted = (space: SiteSpace): boolean =>
    call.seesSpace(space.index) &&
    matches(space, filter) &&
    (after === null || sign * compareKeys(key(space), after) > 0);
  const { rows, more } = takePage(sorted, wanted, Math.min(readLimit(query), call.cap ?? Infinity));
  const last = rows.at(-1);
  return listAnswer(
    site,
    call,
    rows.map(spaceJson),
    more && last ? writeCursor(sort, order, key(last)) : null,
  );
}

/** Gets one space. */
export function getSpace(site: Site, call: Call): Answer {
  const json = spaceJson(findSpace(site, call));
  return jsonAnswer(withLinks(json, { base: site.base() }));
}

function readFilter(query: URLSearchParams): SpaceFilter {
  const keys = readList(query, 'keys');
  if (keys !== null && keys.length > MOST)
    throw badParameter('keys', String(keys.length), `a list of at most ${MOST}`);
  return {
    ids: readIds(query, 'ids', MOST),
    keys: keys?.map((key) => key.toLowerCase()) ?? null,
    type: readWord(query, 'type', TYPES),
    status: readWord(query, 'status', ['current', 'archived']),
  };
}

function matches(space: SiteSpace, { ids, keys, type, status }: SpaceFilter): boolean {
  return (
    (ids?.includes(space.id) ?? true) &&
    (keys?.includes(space.key.toLowerCase()) ?? true) &&
    (type === null || space.type === type) &&
    (status === null || space.status === status)
  );
}

function spaceJson(space: SiteSpace): Record<string, unknown> {
  return {
    spaceOwnerId: '712020:7bf45758-6986-4e0e-aefc-a3000196d8d2',
    homepageId: space.homepageId,
    createdAt: new Date(space.createdAt).toISOString(),
    authorId: '712020:7bf45758-6986-4e0e-aefc-a3000196d8d2',
    icon: null,
    name: space.name,
    key: space.key,
    id: space.id,
    type: space.type,
    description: null,
    status: space.status,
    _links: { webui: `/spaces/${space.key}` },
    currentActiveAlias: space.key,
  };
}
