import type { Clock } from '../../sync/ambient.ts';
import type { ContentType } from '../../sync/page.ts';
import { NEWEST_BASE_TIME } from '../base/base-times.ts';
import type { BodyText, Content } from '../content.ts';
import type { PoisonKind } from '../poison/poison-kinds.ts';
import { findContent, type Library } from './library.ts';
import { UnknownContent } from './unknown-content.ts';

/** A page to create; a title that is not given is made up. */
export type NewPage = Readonly<{
  spaceKey: string;
  title?: string;
  storage?: string;
  parentId?: string | null;
  type?: ContentType;
}>;

/** How to poison a page: `bytes` is the size of `huge_body`, `depth` that of the nesting kinds. */
export type PoisonOptions = Readonly<{ bytes?: number; depth?: number }>;

/** What people do to a site. Every method throws `UnknownContent` for a page or space that is not there. */
export interface SiteEdits {
  /** A new version with this body; without one, the words of the body change a little. */
  edit(id: string, storage?: string): void;
  /** A new version in which only markup changed that carries no meaning, as the editor does by itself. */
  rewriteVolatile(id: string): void;
  /** Wraps some words in a comment's marker: another body, the same version. */
  markInlineComment(id: string): void;
  /** A new version with another title. */
  rename(id: string, title?: string): void;
  /** Puts a page or folder below a page or folder (or at the top of its space): the same version. */
  move(id: string, parentId: string | null): void;
  /** Puts a page into another space, at its top unless told: the same version. */
  moveToSpace(id: string, spaceKey: string, parentId?: string | null): void;
  trash(id: string): void;
  /** Takes a page away for good, from the trash or not. */
  purge(id: string): void;
  archive(id: string): void;
  unarchive(id: string): void;
  /** Takes a page out of the trash: the same id and version, at the top of its space. */
  restore(id: string): void;
  /** So many versions back, as when a backup is restored: a lower number, an older time, the text of before. */
  goBack(id: string, versions: number): void;
  /** Returns the new page's id, which is higher than all before. */
  create(page: NewPage): string;
  /** A new version that is poisonous in this way until healed. */
  poison(id: string, kind: PoisonKind, options?: PoisonOptions): void;
  /** A new version without poison. */
  heal(id: string): void;
}

const FIRST_CREATED_ID = 9_027_199_254_740_993n;
const CREATED_STEP = 7n;
const DAY_MS = 86_400_000;

/** Makes the edits of a library. An edit's time is the clock's, but never before the newest invented page. */
export function createSiteEdits(library: Library, clock: Clock): SiteEdits {
  let newest = NEWEST_BASE_TIME + 1;
  let nextId = FIRST_CREATED_ID;

  function now(): number {
    newest = Math.max(newest, clock.now().getTime());
    return newest;
  }

  function change(id: string, patch: (content: Content) => Partial<Content>): void {
    const content = known(library, id);
    library.collections[content.type].put({ ...content, ...patch(content) });
  }

  function revise(id: string, patch: (content: Content) => Partial<Content>): void {
    change(id, (content) => ({ ...patch(content), version: content.version + 1, updatedAt: now() }));
  }

  function create(page: NewPage): string {
    const id = String(nextId);
    nextId += CREATED_STEP;
    const at = now();
    const type = page.type ?? 'page';
    const parentId = page.parentId ?? null;
    const storage = page.storage ?? `<p>This page was created as number ${id}.</p>`;
    library.collections[type].put({
      id,
      type,
      spaceIndex: spaceIndexOf(library, page.spaceKey),
      title: page.title ?? `New page ${id}`,
      status: 'current',
      parentId,
      parentType: parentId === null ? null : 'page',
      version: 1,
      createdAt: at,
      updatedAt: at,
      body: { text: { kind: 'given', storage }, comments: 0, markup: 0 },
      poison: null,
    });
    return id;
  }

  return {
    edit: (id, storage) => {
      revise(id, ({ body, version }) => ({ body: { ...body, text: editText(body.text, version, storage) } }));
    },
    rewriteVolatile: (id) => {
      revise(id, ({ body }) => ({ body: { ...body, markup: body.markup + 1 } }));
    },
    markInlineComment: (id) => {
      change(id, ({ body }) => ({ body: { ...body, comments: body.comments + 1 } }));
    },
    rename: (id, title) => {
      revise(id, (content) => ({ title: title ?? `Renamed ${content.title}` }));
    },
    move: (id, parentId) => {
      const place = placeBelow(library, parentId);
      const folder = library.folders.get(id);
      if (folder === null) change(id, () => place);
      else library.folders.put({ ...folder, ...place });
    },
    moveToSpace: (id, spaceKey, parentId = null) => {
      const spaceIndex = spaceIndexOf(library, spaceKey);
      change(id, () => ({ spaceIndex, parentId, parentType: parentId === null ? null : 'page' }));
    },
    trash: (id) => {
      change(id, () => ({ status: 'trashed', parentId: null, parentType: null }));
    },
    purge: (id) => {
      library.collections[known(library, id).type].remove(id);
    },
    archive: (id) => {
      change(id, () => ({ status: 'archived' }));
    },
    unarchive: (id) => {
      change(id, () => ({ status: 'current' }));
    },
    restore: (id) => {
      change(id, () => ({ status: 'current' }));
    },
    goBack: (id, versions) => {
      change(id, (content) => goneBack(content, versions));
    },
    create,
    poison: (id, kind, options = {}) => {
      revise(id, () => ({ poison: { kind, ...options } }));
    },
    heal: (id) => {
      revise(id, () => ({ poison: null }));
    },
  };
}

function known(library: Library, id: string): Content {
  const content = findContent(library, id);
  if (content === null) throw new UnknownContent(`no page or blog post has the id ${id}`);
  return content;
}

function placeBelow(library: Library, parentId: string | null): Pick<Content, 'parentId' | 'parentType'> {
  if (parentId === null) return { parentId, parentType: null };
  if (library.folders.get(parentId) !== null) return { parentId, parentType: 'folder' };
  known(library, parentId);
  return { parentId, parentType: 'page' };
}

function spaceIndexOf(library: Library, key: string): number {
  const space = library.spaces.find((one) => one.key.toLowerCase() === key.toLowerCase());
  if (space === undefined) throw new UnknownContent(`no space has the key ${key}`);
  return space.index;
}

function goneBack({ version, createdAt, updatedAt, body }: Content, versions: number): Partial<Content> {
  const older = Math.max(1, version - versions);
  const at = Math.max(createdAt, updatedAt - versions * DAY_MS);
  const { text } = body;
  const before: BodyText =
    text.kind === 'base'
      ? { ...text, revision: Math.max(0, text.revision - versions) }
      : { kind: 'given', storage: `${text.storage}<p>As it was in version ${older}.</p>` };
  return { version: older, updatedAt: older === 1 ? createdAt : at, body: { ...body, text: before } };
}

function editText(text: BodyText, version: number, storage: string | undefined): BodyText {
  if (storage !== undefined) return { kind: 'given', storage };
  if (text.kind === 'base') return { ...text, revision: text.revision + 1 };
  return { kind: 'given', storage: `${text.storage}<p>Edited after version ${version}.</p>` };
}
