import { pageAt, type Model, type ModelPage, type Moment } from '../model-site/model.ts';
import type { Sequence } from './sequence.ts';

/** What a mirror may know of a site, by the plain history of it. */
export type Truth = Readonly<{
  at: (id: string, time: number) => ModelPage | null;
  /** The moments of a page after `from` and up to `to`. */
  moments: (id: string, from: number, to: number) => readonly Moment[];
  /** The page belongs into the mirror. */
  isWanted: (page: ModelPage | null) => page is ModelPage;
  /** The page belongs into the mirror, and shows among the changes. */
  isShown: (page: ModelPage | null) => page is ModelPage;
  /** The page was wanted, or shown, at each moment from `from` up to `to`. */
  always: (id: string, from: number, to: number, is: (page: ModelPage | null) => boolean) => boolean;
  /** When the version began that the page has at a time; null where it is not there. */
  beginning: (id: string, time: number) => number | null;
}>;

/** Reads a model as a sequence wants it mirrored. */
export function readTruth(model: Model, { contentTypes, archived }: Sequence): Truth {
  const at = (id: string, time: number) => pageAt(model, id, time);
  const moments = (id: string, from: number, to: number) =>
    (model.past.get(id) ?? []).filter((moment) => moment.at > from && moment.at <= to);
  const isWanted = (page: ModelPage | null): page is ModelPage =>
    page !== null &&
    page.status !== 'trashed' &&
    contentTypes.includes(page.type) &&
    (archived === 'include' || (page.status === 'current' && page.spaceStatus === 'current'));
  const isShown = (page: ModelPage | null): page is ModelPage =>
    isWanted(page) &&
    (model.habits.deployment === 'cloud' || (page.status === 'current' && page.spaceStatus === 'current'));
  return {
    ...{ at, moments, isWanted, isShown },
    always: (id, from, to, is) => is(at(id, from)) && moments(id, from, to).every(({ page }) => is(page)),
    beginning: (id, time) => {
      const until = moments(id, -Infinity, time);
      const [now] = until.slice(-1);
      if (now?.page == null) return null;
      const { version, updatedAt, type } = now.page;
      const other = until.findLastIndex(
        ({ page }) => page?.version !== version || page.updatedAt !== updatedAt || page.type !== type,
      );
      return until[other + 1]?.at ?? null;
    },
  };
}
