import { compareIds } from './compare-ids.ts';
import { putPage, removePage, type Model, type ModelPage, type ModelPoison } from './model.ts';

/**
 * What somebody does to a site. `page`, `parent` and `space` are numbers counted round among what is there; an edit that makes no
 * sense on the page it meets does nothing. `old` dates a version three days back, as imports do.
 */
export type ModelEdit =
  | PlainEdit
  | Readonly<{ kind: 'move'; page: number; parent: number | null }>
  | Readonly<{ kind: 'moveToSpace'; page: number; space: number }>
  | Readonly<{ kind: 'rollBack'; page: number; old: boolean }>
  | Readonly<{ kind: 'poison'; page: number; poison: ModelPoison }>
  | Readonly<{ kind: 'archiveSpace'; space: number }>
  | Readonly<{ kind: 'create'; space: number; parent: number | null; blogpost: boolean; old: boolean }>;

/** An edit that says no more than which page it is done to; `comment`, `heal` and `convert` make no new version. */
export type PlainEdit = Readonly<{
  kind:
    | 'edit'
    | 'rename'
    | 'comment'
    | 'archive'
    | 'unarchive'
    | 'trash'
    | 'restore'
    | 'purge'
    | 'heal'
    | 'convert';
  page: number;
}>;

const OLD_MS = 3 * 86_400_000;
const ID_STEP = 7n;

/** Does it, at the model's present time. */
export function applyEdit(model: Model, edit: ModelEdit): void {
  if (edit.kind === 'create') {
    create(model, edit);
    return;
  }
  if (edit.kind === 'archiveSpace') {
    turnSpace(model, edit.space);
    return;
  }
  const page = pick(model, edit);
  if (page === null) return;
  if (edit.kind === 'move') move(model, page, edit.parent);
  else if (edit.kind === 'moveToSpace') moveToSpace(model, page, at(model.spaces, edit.space).key);
  else change(model, page, edit);
}

type PageEdit = Exclude<ModelEdit, { kind: 'create' | 'archiveSpace' }>;
type OwnEdit = Exclude<PageEdit, { kind: 'move' | 'moveToSpace' }>;

function change(model: Model, page: ModelPage, edit: OwnEdit): void {
  if (edit.kind === 'trash' || edit.kind === 'purge' || edit.kind === 'convert') adoptChildren(model, page);
  if (edit.kind === 'purge') removePage(model, page.id);
  else putPage(model, { ...page, ...patchOf(model, page, edit) });
}

/** What an edit makes of the page itself. */
function patchOf(model: Model, page: ModelPage, edit: OwnEdit): Partial<ModelPage> {
  const revised = { version: page.version + 1, updatedAt: model.now, poison: null };
  switch (edit.kind) {
    case 'edit':
      return { ...revised, storage: `<p>${page.id} saved as version ${revised.version} at ${model.now}</p>` };
    case 'rename':
      return { ...revised, title: `Page ${page.id} called ${revised.version}` };
    case 'poison':
      return { ...revised, poison: edit.poison };
    case 'comment':
      return { storage: commented(page.storage) };
    case 'archive':
      return { status: 'archived' };
    case 'unarchive':
    case 'restore':
      return { status: 'current' };
    case 'heal':
      return { poison: null };
    case 'convert':
      return { type: page.type === 'page' ? 'blogpost' : 'page', parentId: null };
    case 'rollBack':
      return {
        version: Math.max(1, page.version - 2),
        updatedAt: edit.old ? page.updatedAt - OLD_MS : model.now,
        storage: `<p>${page.id} put back at ${model.now}</p>`,
      };
    case 'trash':
    case 'purge':
      return { status: 'trashed', parentId: null };
  }
}

/** The page an edit means: of those that it can be done to, in the order of their ids. */
function pick(model: Model, { kind, page }: PageEdit): ModelPage | null {
  const able = [...model.pages.values()]
    .filter((one) => isAble(model, kind, one))
    .sort((a, b) => compareIds(a.id, b.id));
  return able[page % able.length] ?? null;
}

function isAble({ habits }: Model, kind: PageEdit['kind'], { status, type, poison }: ModelPage): boolean {
  switch (kind) {
    case 'restore':
      return status === 'trashed';
    case 'unarchive':
      return status === 'archived';
    case 'archive':
      // Servers without the scan endpoint have no archived pages either.
      return status === 'current' && type === 'page' && (habits.deployment === 'cloud' || habits.scan);
    case 'heal':
      return poison !== null;
    case 'purge':
      return true;
    case 'move':
      return status === 'current' && type === 'page';
    case 'convert':
    case 'edit':
    case 'rename':
    case 'comment':
    case 'trash':
    case 'moveToSpace':
    case 'rollBack':
    case 'poison':
      return status === 'current';
  }
}

function commented(storage: string): string {
  const open = '<ac:inline-comment-marker ac:ref="0c1d2e3f">';
  return storage.includes(open)
    ? storage
    : storage.replace(/<p>(\w+)/, `<p>${open}$1</ac:inline-comment-marker>`);
}

/** Data Center gives the pages below to the one above; Cloud goes on naming the parent that is gone. */
function adoptChildren(model: Model, page: ModelPage): void {
  if (model.habits.deployment === 'cloud') return;
  for (const child of childrenOf(model, page)) putPage(model, { ...child, parentId: page.parentId });
}

function childrenOf(model: Model, page: ModelPage): ModelPage[] {
  return [...model.pages.values()].filter(({ parentId }) => parentId === page.id);
}

function move(model: Model, page: ModelPage, parent: number | null): void {
  const below = new Set(treeOf(model, page).map(({ id }) => id));
  const places = [...model.pages.values()]
    .filter(
      ({ id, spaceKey, status, type }) =>
        spaceKey === page.spaceKey && status === 'current' && type === 'page' && !below.has(id),
    )
    .sort((a, b) => compareIds(a.id, b.id));
  const above = parent === null ? undefined : places[parent % places.length];
  putPage(model, { ...page, parentId: above?.id ?? null });
}

/** The pages below go along. */
function moveToSpace(model: Model, page: ModelPage, spaceKey: string): void {
  for (const one of treeOf(model, page))
    putPage(model, { ...one, spaceKey, parentId: one.id === page.id ? null : one.parentId });
}

function treeOf(model: Model, page: ModelPage): ModelPage[] {
  const tree = [page];
  for (let next = 0; next < tree.length; next++) tree.push(...childrenOf(model, tree[next] ?? page));
  return tree;
}

/** Puts a space into the archive, or takes it out; one space stays, for a site without any is set up wrong. */
function turnSpace(model: Model, space: number): void {
  const before = at(model.spaces, space);
  const others = model.spaces.filter((one) => one !== before);
  if (others.every(({ status }) => status === 'archived')) return;
  const status = before.status === 'current' ? ('archived' as const) : ('current' as const);
  model.spaces[model.spaces.indexOf(before)] = { ...before, status };
  for (const page of model.pages.values()) if (page.spaceKey === before.key) putPage(model, page);
}

function create(model: Model, edit: Extract<ModelEdit, { kind: 'create' }>): void {
  const id = String(model.nextId);
  model.nextId += ID_STEP;
  const { key: spaceKey } = at(model.spaces, edit.space);
  const above = [...model.pages.values()].filter(
    (page) => page.spaceKey === spaceKey && page.status === 'current' && page.type === 'page',
  );
  const parent = edit.parent === null || edit.blogpost ? undefined : above[edit.parent % above.length];
  putPage(model, {
    ...{
      id,
      type: edit.blogpost ? 'blogpost' : 'page',
      title: `Page ${id}`,
      spaceKey,
      status: 'current',
      version: 1,
    },
    ...{ updatedAt: model.now - (edit.old ? OLD_MS : 0), parentId: parent?.id ?? null, poison: null },
    storage: `<p>${id} as it was made at ${model.now}</p>`,
  });
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('nothing to choose from');
  return value;
}
