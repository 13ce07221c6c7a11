import type { Limits } from './read-limits.ts';

/** How far apart requests are to be as long as the site says that its limit is near. */
export interface Spread {
  /** Told what each answer that was not refused says of the limit; returns milliseconds between requests, 0 for no need. */
  after(limits: Limits, sentAtMs: number): number;
}

/** What headers alone slow down to at most: where a limit is really reached, the refusal says how long to wait. */
const WIDEST_MS = 1000;
/** For a limit that is said to be near and not how near. */
const CAREFUL_MS = 120;
/** A window that ends this soon is not worth spreading over: `Reset` is often cut to whole seconds. */
const SHORT_WINDOW_MS = 5000;
const NEAR_SHARE = 0.2;
const MARGIN = 1.03;
/** So many answers in a row may contradict what the headers say before these are not believed. */
const PROOFS = 3;

/** Makes a spread for a client with at most `concurrency` requests in flight. */
export function createSpread(concurrency: number): Spread {
  let gapMs = 0;
  let toldAtMs = -Infinity;
  let before: Limits | null = null;
  let contradictions = 0;
  return {
    after: (limits, sentAtMs) => {
      // Answers may overtake each other: the request that was sent last knows best.
      if (sentAtMs < toldAtMs) return gapMs;
      const asked = gapFor(limits, concurrency);
      contradictions = contradicts(limits, before, asked) ? contradictions + 1 : 0;
      gapMs = contradictions > PROOFS ? 0 : Math.min(WIDEST_MS, asked);
      before = limits;
      toldAtMs = sentAtMs;
      return gapMs;
    },
  };
}

function gapFor({ most, left, perSecond, resetInMs, isNear }: Limits, concurrency: number): number {
  // Requests in flight take what is left, too, and their answers come late.
  const spoken = 1.5 * concurrency;
  if (perSecond !== null) return left !== null && left <= spoken ? (MARGIN * 1000) / perSecond : 0;
  const near = isNear || (left !== null && left <= Math.max(spoken, NEAR_SHARE * (most ?? 0)));
  if (!near) return 0;
  const careful = isNear ? CAREFUL_MS : 0;
  if (left === null || resetInMs === null || resetInMs < SHORT_WINDOW_MS) return careful;
  return Math.max(careful, resetInMs / Math.max(1, left));
}

/** Whether an answer should not have come, or should have taken something from what is left. */
function contradicts(limits: Limits, before: Limits | null, askedMs: number): boolean {
  if (limits.left === null) return false;
  if (limits.left === 0) return askedMs > WIDEST_MS || limits.perSecond === null;
  return limits.perSecond === null && limits.left === before?.left;
}
