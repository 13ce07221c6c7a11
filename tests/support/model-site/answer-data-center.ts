import { compareIds } from './compare-ids.ts';
import { pageAt, UNSENDABLE, type Model, type ModelPage } from './model.ts';
import type { ModelAnswer, ModelRequest } from './model-answer.ts';
import { pageAddress } from './page-address.ts';

/** Answers as Data Center does, for all that a sync asks; null for anything else. */
export function answerDataCenter(model: Model, request: ModelRequest, base: string): ModelAnswer | null {
  const { path, query } = request;
  switch (path) {
    case '/rest/api/user/current':
      return ok({ type: 'known', userKey: 'user-1', username: 'ada', displayName: 'Ada' });
    case '/rest/api/server-information':
      return ok({ baseUrl: base, version: '9.2.1' });
    case '/rest/api/space':
      return slice(model, query, path, model.spaces);
    case '/rest/api/content/scan':
      return model.habits.scan
        ? scan(model, query)
        : { status: 404, json: { statusCode: 404, message: 'no such method' } };
    case '/rest/api/content/search':
      return slice(model, query, path, search(model, query), (page) => row(model, page, query));
    case '/rest/api/content':
      return slice(model, query, path, plain(model, query), (page) => row(model, page, query));
  }
  const [, collection, name = ''] = /^\/rest\/api\/(space|content)\/([^/]+)$/.exec(path) ?? [];
  if (collection === 'space')
    return model.spaces.some(({ key }) => key === decodeURIComponent(name))
      ? ok({ key: name })
      : missing(name);
  return collection === undefined ? null : onePage(model, query, name);
}

function scan(model: Model, query: URLSearchParams): ModelAnswer {
  const after = query.get('cursor')?.split(':')[2] ?? '0';
  const rows = listed(model, query).filter(({ id }) => compareIds(id, after) > 0);
  const limit = sizeOf(model, query);
  const shown = rows.slice(0, limit);
  const nextCursor =
    shown.length < rows.length ? { nextCursor: `content:false:${shown.at(-1)?.id ?? ''}` } : {};
  const results = shown.map((page) => row(model, page, query));
  return ok({
    results,
    cursor: `content:false:${after}`,
    ...nextCursor,
    limit,
    size: shown.length,
    _links: {},
  });
}

/** Current content by id, over what is there at this moment: edits between two requests shift the rows. */
function plain(model: Model, query: URLSearchParams): readonly ModelPage[] {
  const ids = query.getAll('ids');
  if (ids.length === 0 || !model.habits.bulk) return listed(model, query);
  return ids.flatMap((id) => model.pages.get(id) ?? []).filter(({ status }) => status === 'current');
}

function listed(model: Model, query: URLSearchParams): readonly ModelPage[] {
  const [type, status, key] = [
    query.get('type') ?? 'page',
    query.get('status') ?? 'current',
    query.get('spaceKey'),
  ];
  return [...model.pages.values()]
    .filter((page) => page.type === type && page.status === status && (key === null || page.spaceKey === key))
    .sort((left, right) => compareIds(left.id, right.id));
}

/** The index knows current content of current spaces, as it was some time ago; the rows themselves are of today. */
function search(model: Model, query: URLSearchParams): readonly ModelPage[] {
  const cql = query.get('cql') ?? '';
  const [, types = '', keys] =
    /^type in \(([^)]*)\)(?: and space in \((.*)\))? order by lastmodified desc$/.exec(cql) ?? [];
  if (types === '') throw new Error(`the model cannot read ${cql}`);
  const wanted = keys === undefined ? null : (JSON.parse(`[${keys}]`) as string[]);
  const current = new Set(model.spaces.filter(({ status }) => status === 'current').map(({ key }) => key));
  return [...model.past.keys()]
    .flatMap((id) => pageAt(model, id, model.now - model.habits.lagMs) ?? [])
    .filter(({ status, type }) => status === 'current' && types.split(',').includes(type))
    .filter(({ spaceKey }) => current.has(spaceKey) && (wanted?.includes(spaceKey) ?? true))
    .sort((left, right) => right.updatedAt - left.updatedAt || compareIds(left.id, right.id))
    .flatMap(({ id }) => model.pages.get(id) ?? []);
}

function onePage(model: Model, query: URLSearchParams, id: string): ModelAnswer {
  const page = model.pages.get(id);
  const status = query.get('status') ?? 'current';
  return page?.status === status ? ok(row(model, page, query)) : missing(id);
}

function row(model: Model, page: ModelPage, query: URLSearchParams): unknown {
  const { id, type, title, status, version, poison } = page;
  const parts = (query.get('expand') ?? '').split(',');
  const number = { number: version, when: writeDate(page.updatedAt, model.habits.zoneMinutes) };
  return {
    ...{ id, type, title, status },
    ...(parts.includes('space') && { space: { id: 1, key: page.spaceKey } }),
    ...(parts.includes('version') && poison !== 'no_version' && { version: number }),
    ...(parts.includes('ancestors') && { ancestors: page.parentId === null ? [] : [{ id: page.parentId }] }),
    ...(parts.includes('body.storage') &&
      poison !== 'no_body' && {
        body: { storage: { value: poison === 'no_answer' ? UNSENDABLE : page.storage } },
      }),
    _links: { webui: pageAddress(model, page) },
  };
}

function writeDate(ms: number, zoneMinutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const local = new Date(ms + zoneMinutes * 60_000).toISOString().slice(0, -1);
  const away = Math.abs(zoneMinutes);
  return `${local}${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

function slice<Row>(
  model: Model,
  query: URLSearchParams,
  path: string,
  rows: readonly Row[],
  toJson: (row: Row) => unknown = (value) => value,
): ModelAnswer {
  const start = Number(query.get('start') ?? '0');
  const limit = query.has('ids') ? 50 : sizeOf(model, query);
  const shown = rows.slice(start, start + limit);
  const next = start + limit < rows.length ? { next: `${path}?start=${start + limit}&limit=${limit}` } : {};
  return ok({ results: shown.map(toJson), start, limit, size: shown.length, _links: next });
}

function sizeOf(model: Model, query: URLSearchParams): number {
  return Math.min(Number(query.get('limit') ?? '25'), model.habits.cap);
}

function missing(id: string): ModelAnswer {
  const translation = `No content with id <ContentId{id=${id}}> can be found`;
  return {
    status: 404,
    json: { statusCode: 404, data: { errors: [{ message: { translation } }] }, message: 'not found' },
  };
}

function ok(json: unknown): ModelAnswer {
  return { status: 200, json };
}
