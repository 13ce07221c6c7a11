import { compareIds } from './compare-ids.ts';
import type { ModelAnswer, ModelRequest } from './model-answer.ts';
import { UNSENDABLE, type Model, type ModelPage } from './model.ts';
import { pageAddress } from './page-address.ts';

/** Answers as Cloud does, for all that a sync asks; null for anything else. */
export function answerCloud(model: Model, request: ModelRequest, base: string): ModelAnswer | null {
  const { path, query } = request;
  const [, part, collection = '', id, below] =
    /^\/api\/(v2)\/([a-z]+)(?:\/(\d+)(?:\/([a-z]+))?)?$/.exec(path) ?? [];
  if (path === '/rest/api/user/current')
    return ok({ type: 'known', accountId: 'account-1', displayName: 'Ada' });
  if (part === undefined) return null;
  if (collection === 'spaces' && id === undefined) return spaceList(model, query, base);
  if (collection === 'spaces' && below === undefined) return oneSpace(model, id ?? '');
  if (collection === 'spaces') return contentList(model, request, below ?? '', base, id ?? null);
  return id === undefined
    ? contentList(model, request, collection, base, null)
    : onePage(model, query, collection, id);
}

function spaceList(model: Model, query: URLSearchParams, base: string): ModelAnswer {
  const after = Number(query.get('cursor') ?? '0');
  const size = sizeOf(model, query);
  const results = model.spaces.slice(after, after + size);
  return list(
    query,
    base,
    results,
    after + size < model.spaces.length ? String(after + size) : null,
    '/api/v2/spaces',
  );
}

function oneSpace(model: Model, id: string): ModelAnswer {
  const space = model.spaces.find((one) => one.id === id);
  return space === undefined ? notFound(`Cannot find a space with id [${id}]`) : ok(space);
}

function onePage(model: Model, query: URLSearchParams, collection: string, id: string): ModelAnswer {
  const page = model.pages.get(id);
  if (page === undefined || page.type !== typeOf(collection))
    return notFound(`Cannot find a page with id [${id}]`);
  return ok(row(model, page, query));
}

function contentList(
  model: Model,
  { path, query }: ModelRequest,
  collection: string,
  base: string,
  spaceId: string | null,
): ModelAnswer {
  const statuses = query.getAll('status');
  const ids = query.get('id')?.split(',') ?? null;
  const spaceIds = spaceId === null ? (query.get('space-id')?.split(',') ?? null) : [spaceId];
  const keys =
    spaceIds === null
      ? null
      : model.spaces.filter((space) => spaceIds.includes(space.id)).map(({ key }) => key);
  const byTime = query.get('sort') === '-modified-date';
  const order = (left: Place, right: Place): number =>
    byTime
      ? right.updatedAt - left.updatedAt || compareIds(right.id, left.id)
      : compareIds(left.id, right.id);
  const after = readCursor(query);
  const rows = [...model.pages.values()]
    .filter(
      (page) =>
        page.type === typeOf(collection) &&
        (statuses.length > 0 ? statuses : ['current', 'archived']).includes(page.status),
    )
    .filter((page) => (ids?.includes(page.id) ?? true) && (keys?.includes(page.spaceKey) ?? true))
    .filter((page) => after === null || order(after, page) < 0)
    .sort(order);
  const shown = rows.slice(0, ids === null ? sizeOf(model, query) : 250);
  const last = shown.at(-1);
  const next = last !== undefined && shown.length < rows.length ? writeCursor(last) : null;
  return list(
    query,
    base,
    shown.map((page) => row(model, page, query)),
    next,
    path,
  );
}

function row(model: Model, page: ModelPage, query: URLSearchParams): unknown {
  const { id, title, status, version, poison } = page;
  const gone = status === 'trashed';
  const body = query.has('body-format') && poison !== 'no_body';
  return {
    ...(page.type === 'page' && { parentId: gone ? null : page.parentId, parentType: 'page' }),
    ...(poison !== 'no_version' && {
      version: { number: version, createdAt: new Date(page.updatedAt).toISOString() },
    }),
    spaceId: model.spaces.find(({ key }) => key === page.spaceKey)?.id,
    ...{ id, title, status },
    body: body
      ? { storage: { representation: 'storage', value: poison === 'no_answer' ? UNSENDABLE : page.storage } }
      : {},
    _links: { webui: pageAddress(model, page) },
  };
}

type Place = Readonly<{ id: string; updatedAt: number }>;

function writeCursor({ id, updatedAt }: ModelPage): string {
  return Buffer.from(JSON.stringify({ id, updatedAt })).toString('base64url');
}

function readCursor(query: URLSearchParams): Place | null {
  const text = query.get('cursor');
  return text === null ? null : (JSON.parse(Buffer.from(text, 'base64url').toString()) as Place);
}

function sizeOf(model: Model, query: URLSearchParams): number {
  return Math.min(Number(query.get('limit') ?? '25'), model.habits.cap);
}

function typeOf(collection: string): ModelPage['type'] {
  return collection === 'pages' ? 'page' : 'blogpost';
}

function list(
  query: URLSearchParams,
  base: string,
  results: readonly unknown[],
  cursor: string | null,
  path: string,
): ModelAnswer {
  const rest = new URLSearchParams(query);
  if (cursor !== null) rest.set('cursor', cursor);
  return ok({
    results,
    _links: { base, ...(cursor !== null && { next: `/wiki${path}?${rest.toString()}` }) },
  });
}

function notFound(title: string): ModelAnswer {
  return { status: 404, json: { errors: [{ status: 404, code: 'NOT_FOUND', title, detail: null }] } };
}

function ok(json: unknown): ModelAnswer {
  return { status: 200, json };
}
