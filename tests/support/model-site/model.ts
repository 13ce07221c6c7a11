import type { ContentType } from '../../../src/sync/page.ts';

/** What keeps the site from telling a page properly: a row without a version, a page without a body, or a body it fails on. */
export type ModelPoison = 'no_version' | 'no_body' | 'no_answer';

/** An answer that holds this body fails whole. */
export const UNSENDABLE = 'the body that the site fails on';

/** One state of a page; a change puts another object in its place. Times are milliseconds since 1970 in UTC. */
export type ModelPage = Readonly<{
  id: string;
  type: ContentType;
  title: string;
  spaceKey: string;
  /** Follows its space. */
  spaceStatus: ModelSpace['status'];
  status: 'current' | 'archived' | 'trashed';
  version: number;
  updatedAt: number;
  parentId: string | null;
  storage: string;
  poison: ModelPoison | null;
}>;

/** A space of the site. */
export type ModelSpace = Readonly<{ id: string; key: string; name: string; status: 'current' | 'archived' }>;

/** What the site does in its own way; everything that servers were seen to differ in. */
export type ModelHabits = Readonly<{
  deployment: 'cloud' | 'datacenter';
  /** Rows in an answer at most, whatever was asked for. */
  cap: number;
  /** Zone of Data Center's dates, in minutes east of Greenwich. */
  zoneMinutes: number;
  /** How long after a change Data Center's search shows it. */
  lagMs: number;
  /** Data Center has listing by cursor, archived pages with it. */
  scan: boolean;
  /** Data Center fetches several pages in one request. */
  bulk: boolean;
  /** How long one request takes. */
  requestMs: number;
}>;

/** A moment of a page: what it became then, null where it went for good. */
export type Moment = Readonly<{ at: number; page: ModelPage | null }>;

/** A Confluence as plain data: what is there, what was there, and what time it is. */
export type Model = {
  readonly habits: ModelHabits;
  readonly spaces: ModelSpace[];
  readonly pages: Map<string, ModelPage>;
  /** All moments of each page, oldest first. */
  readonly past: Map<string, Moment[]>;
  now: number;
  nextId: bigint;
};

/** An empty site. */
export function createModel(habits: ModelHabits, spaces: ModelSpace[], now: number): Model {
  return { habits, spaces, pages: new Map(), past: new Map(), now, nextId: 2_200_000_000n };
}

/** Puts a page into the site, or another state of it in place of the one before. */
export function putPage(model: Model, state: Omit<ModelPage, 'spaceStatus'>, at = model.now): void {
  const spaceStatus = model.spaces.find(({ key }) => key === state.spaceKey)?.status ?? 'current';
  const page = { ...state, spaceStatus };
  model.pages.set(page.id, page);
  remember(model, page.id, { at, page });
}

/** Takes a page away for good. */
export function removePage(model: Model, id: string): void {
  model.pages.delete(id);
  remember(model, id, { at: model.now, page: null });
}

/** What a page was at a time; null where it was not there. */
export function pageAt(model: Model, id: string, time: number): ModelPage | null {
  return model.past.get(id)?.findLast(({ at }) => at <= time)?.page ?? null;
}

function remember(model: Model, id: string, moment: Moment): void {
  const moments = model.past.get(id) ?? [];
  model.past.set(id, moments);
  moments.push(moment);
}
