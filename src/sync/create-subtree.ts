import { createRecall } from './create-recall.ts';
import type { Standing } from './page.ts';
import type { Ancestry, PageSource } from './source.ts';

/** Whether a page is one of the wanted roots or below one; `unclear` where Confluence does not tell what is above it. */
export type Belonging = 'inside' | 'outside' | 'unclear';

/** The wanted part of a site's page trees. */
export interface Subtree {
  /** One answer for each page, by what is above it now. Pages whose parents are known cost no request. */
  judge(pages: readonly Standing[], signal: AbortSignal): Promise<ReadonlyMap<string, Belonging>>;
  /** Forgets what was learnt, so that all of it is asked anew. */
  forget(): void;
}

/** Verdicts kept from batch to batch; one that was forgotten costs its share of a request. */
const REMEMBERED = 200_000;
/** Levels that are asked for; no tree of people's pages is as deep, and no answer may make this endless. */
const MOST_LEVELS = 250;

/** Makes the part of a site at and below these pages but those given up; without roots it is the whole site. */
export function createSubtree(
  source: Pick<PageSource, 'ancestry'>,
  rootPages: readonly string[],
  isGivenUp: (rootId: string) => boolean,
): Subtree {
  const wanted = new Set(rootPages);
  const isRoot = (id: string) => wanted.has(id) && !isGivenUp(id);
  const memory = createRecall<Belonging>(REMEMBERED);
  return {
    judge: async (pages, signal) => {
      if (wanted.size === 0) return new Map(pages.map(({ id }) => [id, 'inside']));
      const climb = createClimb(isRoot, pages, (id) => memory.get(id));
      for (let level = 0; ; level++) {
        const gaps = climb.gaps(pages);
        if (gaps.length === 0) break;
        if (level >= MOST_LEVELS) climb.giveUp(gaps);
        else climb.learn(gaps, await source.ancestry(gaps, signal));
      }
      const verdicts = new Map(pages.map(({ id }) => [id, climb.verdict(id)]));
      for (const [id, belonging] of climb.settled) memory.set(id, belonging);
      return verdicts;
    },
    forget: () => {
      memory.clear();
    },
  };
}

/** Finds the way up from each page of one batch, as far as it is known. */
function createClimb(
  isRoot: (id: string) => boolean,
  pages: readonly Standing[],
  recall: (id: string) => Belonging | undefined,
) {
  const settled = new Map<string, Belonging>();
  const parents = new Map<string, string | null>();
  const settleChain = (chain: readonly string[]): Belonging => {
    let belonging: Belonging = 'outside';
    for (const id of chain) {
      if (isRoot(id)) belonging = 'inside';
      settled.set(id, belonging);
    }
    return belonging;
  };
  const judged = (id: string) => (isRoot(id) ? 'inside' : settled.get(id));

  for (const { id, parentId, ancestorIds } of pages) {
    if (ancestorIds === undefined) parents.set(id, parentId);
    else if (ancestorIds !== null) settled.set(id, ancestorIds.some(isRoot) ? 'inside' : 'outside');
  }

  /** The verdict on a page, or the step that is missing on its way up. */
  const climb = (start: string): Belonging | Standing => {
    const path = new Set<string>();
    const settle = (belonging: Belonging) => {
      for (const id of path) settled.set(id, belonging);
      return belonging;
    };
    for (let [id, below] = [start, start]; ;) {
      // What this batch says of a page is newer than what is remembered of it.
      const known = judged(id) ?? (parents.has(id) || id === start ? undefined : recall(id));
      if (known !== undefined) return settle(known);
      // A circle of pages is below nothing.
      if (path.has(id)) return settle('outside');
      const parent = parents.get(id);
      if (parent === undefined) return { id: below, parentId: id === start ? null : id };
      path.add(id);
      if (parent === null) return settle('outside');
      [id, below] = [parent, id];
    }
  };

  return {
    settled,
    verdict: (id: string): Belonging => {
      const found = climb(id);
      return typeof found === 'string' ? found : 'unclear';
    },
    /** The missing steps, one page below each. */
    gaps: (open: readonly Standing[]): readonly Standing[] => {
      const gaps = new Map<string, Standing>();
      for (const { id } of open) {
        const found = climb(id);
        if (typeof found !== 'string') gaps.set(found.parentId ?? `${found.id} itself`, found);
      }
      return [...gaps.values()];
    },
    learn: (gaps: readonly Standing[], answers: ReadonlyMap<string, Ancestry>) => {
      for (const gap of gaps) {
        const answer = answers.get(gap.id) ?? { kind: 'unclear', reason: 'no answer' };
        if (answer.kind === 'parent' && gap.parentId !== null) parents.set(gap.parentId, answer.parentId);
        else if (answer.kind === 'absent') settled.set(gap.id, 'outside');
        else settleBoth(settled, gap, answer.kind === 'chain' ? settleChain(answer.ancestorIds) : 'unclear');
      }
    },
    giveUp: (gaps: readonly Standing[]) => {
      for (const gap of gaps) settleBoth(settled, gap, 'unclear');
    },
  };
}

/** What is true of a page that is no root is true of its parent. */
function settleBoth(settled: Map<string, Belonging>, { id, parentId }: Standing, belonging: Belonging): void {
  settled.set(id, belonging);
  if (parentId !== null) settled.set(parentId, belonging);
}
