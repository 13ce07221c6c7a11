import type { Limits } from './read-limits.ts';

/** How far apart requests are to be as long as the site says that its limit is near. */
export interface Spread {
  /** Told what each answer that was not refused says of the limit; returns milliseconds between requests, 0 for no need. */
  after(limits: Limits, sentAtMs: number): number;
}

/** What headers alone slow down to at most: where they say too little, the site's refusal says more. */
const WIDEST_MS = 1000;
/** For a limit said to be near without saying how near. */
const CAREFUL_MS = 200;
const NEAR_SHARE = 0.2;
const MARGIN = 1.03;
/** An empty window that goes on answering is no limit. */
const PROOFS = 3;

/** Makes a spread for a client with at most `concurrency` requests in flight. */
export function createSpread(concurrency: number): Spread {
  let gapMs = 0;
  let toldAtMs = -Infinity;
  let emptyAnswers = 0;
  return {
    after: (limits, sentAtMs) => {
      // Answers may overtake each other: the request that was sent last knows best.
      if (sentAtMs < toldAtMs) return gapMs;
      toldAtMs = sentAtMs;
      const empty = limits.left === 0 && limits.perSecond === null;
      emptyAnswers = empty ? emptyAnswers + 1 : 0;
      gapMs = emptyAnswers > PROOFS ? 0 : Math.min(WIDEST_MS, gapFor(limits, concurrency));
      return gapMs;
    },
  };
}

function gapFor({ most, left, perSecond, resetInMs, isNear }: Limits, concurrency: number): number {
  // Requests in flight take what is left, too.
  if (perSecond !== null) return left !== null && left <= concurrency ? (MARGIN * 1000) / perSecond : 0;
  const near = isNear || (left !== null && left <= Math.max(concurrency, NEAR_SHARE * (most ?? 0)));
  if (!near) return 0;
  if (left === null || resetInMs === null) return isNear ? CAREFUL_MS : 0;
  return Math.max(0, resetInMs) / Math.max(1, left);
}
