import type { SiteAnswer, SiteRequest, SiteRoutes } from '../../support/scripted-site.ts';
import { cloudList, cloudNotFound, cloudPage, cloudRow, cloudSite } from './cloud-site.ts';
import { dataCenter, offsetList, scanList, serverNotFound, serverRow } from './data-center-site.ts';

/** Which pages make a list fail that they are in, how it fails, and whether they fail by themselves too. */
export type Killers = Readonly<{
  ids: ReadonlySet<number>;
  answer?: () => SiteAnswer;
  /** Only lists fail: each page comes by its address. */
  aloneWell?: boolean;
}>;

const serverError = (): SiteAnswer => ({ status: 500, json: { statusCode: 500, message: 'error' } });

/** A Cloud with one space of these pages; lists go by id from either end, with cursors of their own. */
export function killingCloud(ids: readonly number[], killers: Killers, routes: SiteRoutes = {}): SiteRoutes {
  const guard = guardOf(killers);
  // Every page has the same time: newest first is highest id first.
  const at = (query: URLSearchParams): SiteAnswer => {
    const isFalling = query.get('sort')?.startsWith('-') === true;
    const ordered = ids.toSorted((a, b) => (isFalling ? b - a : a - b));
    const behind = Number(query.get('cursor') ?? (isFalling ? Infinity : -1));
    const rest = ordered.filter((id) => (isFalling ? id < behind : id > behind));
    const shown = rest.slice(0, Number(query.get('limit')));
    return guard(shown, () => {
      const row = query.has('body-format') ? cloudPage : cloudRow;
      const next = shown.length < rest.length ? String(shown.at(-1)) : undefined;
      return cloudList(
        shown.map((id) => row(id)),
        next,
      );
    });
  };
  return cloudSite({
    '/wiki/api/v2/spaces/98308/pages': ({ query }) => at(query),
    '/wiki/api/v2/pages': ({ query }) => {
      if (query.has('sort')) return at(query);
      const asked = (query.get('id') ?? '').split(',').map(Number);
      const shown = ids.filter((id) => asked.includes(id));
      return guard(shown, () => cloudList(shown.map((id) => cloudPage(id))));
    },
    '/wiki/api/v2/pages/*': ({ path }) => {
      const id = Number(path.split('/').at(-1));
      if (!ids.includes(id)) return cloudNotFound(String(id));
      return guard(killers.aloneWell === true ? [] : [id], () => ({ json: cloudPage(id) }));
    },
    ...routes,
  });
}

/** A Data Center with one space of these pages: a scan, and a plain list in any order. */
export function killingServer(
  ids: readonly number[],
  killers: Killers,
  routes: SiteRoutes = {},
  order: (left: number, right: number) => number = (left, right) => left - right,
): SiteRoutes {
  const guard = guardOf(killers);
  const rows = ids.toSorted((a, b) => a - b).map((id) => serverRow(id));
  const plain = ids.toSorted(order).map((id) => serverRow(id));
  const guarded = (answer: SiteAnswer): SiteAnswer =>
    guard('json' in answer ? idsIn(answer.json) : [], () => answer);
  return dataCenter('', rows, {
    '/rest/api/content/scan': (request) =>
      request.query.has('status') ? scanList([], request) : guarded(scanList(rows, request)),
    '/rest/api/content': (request) => {
      const asked = request.query.getAll('ids').map(Number);
      if (asked.length === 0) return guarded(offsetList(plain, request));
      return guarded(
        offsetList(
          rows.filter((row) => asked.includes(Number(row['id']))),
          request,
        ),
      );
    },
    '/rest/api/content/search': (request) => guarded(offsetList(rows.toReversed(), request)),
    '/rest/api/content/*': ({ path, query }: SiteRequest) => {
      const id = Number(path.split('/').at(-1));
      if (!ids.includes(id) || query.has('status')) return serverNotFound(String(id));
      return guard(killers.aloneWell === true ? [] : [id], () => ({ json: serverRow(id) }));
    },
    ...routes,
  });
}

function guardOf({ ids, answer = serverError }: Killers) {
  return (shown: readonly number[], well: () => SiteAnswer): SiteAnswer =>
    shown.some((id) => ids.has(id)) ? answer() : well();
}

function idsIn(list: unknown): readonly number[] {
  return (list as { results: { id: string }[] }).results.map(({ id }) => Number(id));
}
