import { faultConditions } from '../faults/fault-conditions.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { faults } from '../faults/faults.ts';
import { htmlAnswer, jsonAnswer, type Answer } from '../http/answer.ts';
import type { Site } from '../http/site.ts';
import { isPoisonKind, poisonKinds } from '../poison/poison-kinds.ts';
import type { RequestRecord } from '../sample-site.ts';
import { findContent } from '../state/library.ts';
import { restoreBackup } from '../state/restore-backup.ts';
import type { SiteEdits } from '../state/site-edits.ts';
import { UnknownContent } from '../state/unknown-content.ts';
import { takePage } from '../take-page.ts';
import { truePage } from '../true-page.ts';
import { controlHelp } from './control-help.ts';

/** What the control routes act on. */
export type Controls = Readonly<{
  site: Site;
  edit: SiteEdits;
  board: FaultBoard;
  requests: readonly RequestRecord[];
}>;

/** A control request. */
export type ControlCall = Readonly<{ id: string; query: URLSearchParams; text: string }>;

/** One control route; its path and summary make the help text. */
export type ControlRoute = Readonly<{
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  summary: string;
  run: (controls: Controls, call: ControlCall) => Answer;
}>;

const DEFAULT_LIMIT = 50;

/** Everything that can be done to the site over HTTP while it runs. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/-/help',
    summary: 'this list',
    run: () => ({
      ...htmlAnswer('', 200),
      body: { kind: 'text', type: 'text/plain;charset=UTF-8', text: controlHelp(controlRoutes) },
    }),
  },
  {
    method: 'GET',
    path: '/-/pages',
    summary: 'live pages; ?limit=N, ?after=ID, ?space=KEY, ?type=blogpost, ?storage=true',
    run: listPages,
  },
  { method: 'GET', path: '/-/pages/:id', summary: 'one live page with its body', run: showPage },
  {
    method: 'GET',
    path: '/-/spaces',
    summary: 'all spaces',
    run: ({ site }) => jsonAnswer(site.library.spaces),
  },
  { method: 'GET', path: '/-/requests', summary: 'the latest requests; ?limit=N', run: listRequests },
  {
    method: 'POST',
    path: '/-/edit/:id',
    summary: 'a new version; the request body, if any, is its text',
    run: edited((edit, { id, text }) => {
      edit.edit(id, text === '' ? undefined : text);
    }),
  },
  edition(
    'rewrite-volatile',
    'a new version with other macro ids, attribute order and the like',
    (edit, { id }) => {
      edit.rewriteVolatile(id);
    },
  ),
  edition('mark-inline-comment', 'a comment’s marker in the body, without a new version', (edit, { id }) => {
    edit.markInlineComment(id);
  }),
  edition('rename', 'another title; ?title=TEXT', (edit, { id, query }) => {
    edit.rename(id, query.get('title') ?? undefined);
  }),
  edition('move', 'below another page; ?parent=ID, none for the top', (edit, { id, query }) => {
    edit.move(id, query.get('parent'));
  }),
  edition('move-to-space', 'into another space; ?space=KEY, ?parent=ID', (edit, { id, query }) => {
    edit.moveToSpace(id, query.get('space') ?? '', query.get('parent'));
  }),
  edition('trash', 'into the trash', (edit, { id }) => {
    edit.trash(id);
  }),
  edition('restore', 'out of the trash', (edit, { id }) => {
    edit.restore(id);
  }),
  edition('purge', 'gone for good', (edit, { id }) => {
    edit.purge(id);
  }),
  edition('archive', 'archived', (edit, { id }) => {
    edit.archive(id);
  }),
  edition('unarchive', 'current again', (edit, { id }) => {
    edit.unarchive(id);
  }),
  edition('go-back', 'an older version, as out of a backup; ?versions=N', (edit, { id, query }) => {
    edit.goBack(id, Number(query.get('versions') ?? 1));
  }),
  {
    method: 'POST',
    path: '/-/restore-backup',
    summary: 'the whole site as it was before; ?back=SHARE, ?gone=SHARE, ?seed=N',
    run: restoreSite,
  },
  edition('heal', 'a new version without poison', (edit, { id }) => {
    edit.heal(id);
  }),
  {
    method: 'POST',
    path: '/-/poison/:id',
    summary: 'a new version that is bad; ?kind=KIND, ?bytes=N, ?depth=N',
    run: poisonPage,
  },
  { method: 'GET', path: '/-/poisons', summary: 'the ways for a page to be bad', run: listPoisons },
  {
    method: 'POST',
    path: '/-/create',
    summary: 'a new page; ?space=KEY, ?title=TEXT, ?parent=ID, ?type=blogpost; the request body is its text',
    run: createPage,
  },
  { method: 'GET', path: '/-/faults', summary: 'the faults in force, and all there are', run: listFaults },
  {
    method: 'POST',
    path: '/-/faults',
    summary: 'puts a fault in force; ?fault=NAME:key=value,… or the same as the request body',
    run: addFault,
  },
  { method: 'DELETE', path: '/-/faults', summary: 'lifts all faults', run: clearFaults },
  {
    method: 'DELETE',
    path: '/-/faults/:id',
    summary: 'lifts a fault by its id or name',
    run: ({ board }, { id }) => jsonAnswer({ removed: board.remove(id) }),
  },
];

function edition(
  name: string,
  summary: string,
  change: (edit: SiteEdits, call: ControlCall) => void,
): ControlRoute {
  return { method: 'POST', path: `/-/${name}/:id`, summary, run: edited(change) };
}

function edited(change: (edit: SiteEdits, call: ControlCall) => void): ControlRoute['run'] {
  return (controls, call) => {
    change(controls.edit, call);
    const content = findContent(controls.site.library, call.id);
    return jsonAnswer(
      content === null
        ? { id: call.id, status: 'gone' }
        : { id: content.id, status: content.status, version: content.version },
    );
  };
}

function listPages({ site }: Controls, { query }: ControlCall): Answer {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const after = query.get('after');
  const key = query.get('space')?.toLowerCase();
  const spaces =
    key === undefined
      ? null
      : site.library.spaces.filter((space) => space.key.toLowerCase() === key).map(({ index }) => index);
  const type = query.get('type') === 'blogpost' ? 'blogpost' : 'page';
  const start =
    after === null
      ? ({ kind: 'first' } as const)
      : ({ kind: 'after', key: { id: after, value: 0 } } as const);
  const walk = site.library.collections[type].walk({
    spaces,
    statuses: ['current', 'archived'],
    order: 'id',
    descending: false,
    start,
  });
  const { rows } = takePage(walk, () => true, limit);
  return jsonAnswer(
    rows.map((content) => {
      const { storage, ...page } = truePage(site, content);
      return query.get('storage') === 'true' ? { ...page, storage } : page;
    }),
  );
}

function showPage({ site }: Controls, { id }: ControlCall): Answer {
  const content = findContent(site.library, id);
  if (content === null || content.status === 'trashed')
    throw new UnknownContent(`no live page has the id ${id}`);
  return jsonAnswer(truePage(site, content));
}

function listRequests({ requests }: Controls, { query }: ControlCall): Answer {
  return jsonAnswer(requests.slice(-Number(query.get('limit') ?? DEFAULT_LIMIT)));
}

function poisonPage(controls: Controls, call: ControlCall): Answer {
  const kind = call.query.get('kind') ?? '';
  if (!isPoisonKind(kind))
    throw new UnknownContent(`there is no poison ${kind}; there are ${Object.keys(poisonKinds).join(', ')}`);
  const sizes = ['bytes', 'depth'].flatMap((name) => {
    const text = call.query.get(name);
    return text === null ? [] : [[name, Number(text)] as const];
  });
  return edited((edit, { id }) => {
    edit.poison(id, kind, Object.fromEntries(sizes));
  })(controls, call);
}

function restoreSite({ site, edit }: Controls, { query }: ControlCall): Answer {
  const number = (name: string, usual: number): number => Number(query.get(name) ?? usual);
  const backup = { seed: number('seed', 1), back: number('back', 0.5), gone: number('gone', 0.1) };
  restoreBackup(site.library, edit, backup);
  return jsonAnswer(backup);
}

function listPoisons(): Answer {
  return jsonAnswer(
    Object.entries(poisonKinds).map(([kind, { refusable, summary }]) => ({ kind, refusable, summary })),
  );
}

function createPage(controls: Controls, { query, text }: ControlCall): Answer {
  const title = query.get('title');
  const id = controls.edit.create({
    spaceKey: query.get('space') ?? controls.site.library.spaces[0]?.key ?? '',
    parentId: query.get('parent'),
    type: query.get('type') === 'blogpost' ? 'blogpost' : 'page',
    ...(title !== null && { title }),
    ...(text !== '' && { storage: text }),
  });
  return jsonAnswer({ id, status: 'current', version: 1 }, 201);
}

function listFaults({ board }: Controls): Answer {
  const available = Object.entries(faults).map(([name, { summary, parameters }]) => ({
    name,
    summary,
    parameters,
  }));
  return jsonAnswer({ active: board.list(), conditions: faultConditions, available });
}

function addFault({ board }: Controls, { query, text }: ControlCall): Answer {
  return jsonAnswer({ id: board.add(query.get('fault') ?? text.trim()) }, 201);
}

function clearFaults({ board }: Controls): Answer {
  const removed = board.list().length;
  board.clear();
  return jsonAnswer({ removed });
}
