/**
 * How fast requests may follow each other, learnt from the refusals of a site that limits them. Unlimited until the first
 * refusal, and again once the site has long refused nothing.
 */
export interface Pace {
  /** Milliseconds from one request to the next; 0 where nothing is known against sending at once. */
  gapMs(nowMs: number): number;
  /** Told of every request that was not refused, by when it was sent. */
  accepted(sentAtMs: number): void;
  /** Told of every refusal; `perSecond` is the rate that the site names, null where it names none. */
  refused(refusal: Refusal): void;
}

/** A request that the site refused because there were too many. */
export type Refusal = Readonly<{
  nowMs: number;
  sentAtMs: number;
  pauseMs: number;
  perSecond: number | null;
}>;

/** A rate in requests a second: kept for `holdS`, then growing by `growth` a second, ever faster. */
type Rate = Readonly<{ perSecond: number; fromMs: number; holdS: number; growth: number; proved: boolean }>;

/** What was seen from the end of a pause to the next refusal. */
type Epoch = Readonly<{
  sentAtMs: readonly number[];
  /** Seconds from its first request to the refusal. */
  lengthS: number;
  /** How many were accepted in its last second. */
  lately: number;
  /** Accepted requests a second with the pause counted in: the site stands at least this. */
  least: number;
}>;

/** A pace to start from is never slower than this: finding the true one from below takes longer than one more refusal. */
const SLOWEST_START = 3;
/** A pause beyond this belongs to a quota: then the whole time counts, not the burst. */
const LONGEST_BURST_PAUSE_S = 10;
/** A rate that has been found is kept for this many pauses before more is tried, for a try may cost one. */
const KEPT_PAUSES = 30;
/** A burst this large before the first refusal may be what the site allows a second; kept for this many pauses. */
const WHOLE_BURST = 6;
const BURST_KEPT_PAUSES = 5;
const SEARCH_GROWTH = 0.8;
const PROBE_GROWTH = 0.01;
const MARGIN = 0.98;
/** Times faster than at its start, a pace is let go. */
const LET_GO = 16;
/** So often in a row may a pace bring less than the pauses alone did, before it is let go: then speed was not the matter. */
const VAIN = 3;
const REMEMBERED = 400;

/** Makes a pace that holds nothing back yet. */
export function createPace(): Pace {
  let rate: Rate | null = null;
  let burst = { accepted: 1, lengthS: 0 };
  let sent: number[] = [];
  let startedAtMs: number | null = null;
  let refusedAtMs = -Infinity;
  let patience = 1;
  let free = 0;
  let inVain = 0;

  const learn = (refusal: Refusal) => {
    const pauseS = refusal.pauseMs / 1000;
    const epoch = readEpoch(sent, startedAtMs ?? refusal.sentAtMs, refusal);
    const fromMs = refusal.nowMs + refusal.pauseMs;
    if (rate === null) {
      burst = { accepted: Math.max(1, epoch.sentAtMs.length), lengthS: epoch.lengthS };
      rate = firstRate(epoch, refusal, fromMs);
      patience = 1;
      free = epoch.least;
      inVain = 0;
      return;
    }
    inVain = epoch.least < 0.9 * free ? inVain + 1 : 0;
    if (inVain >= VAIN) {
      rate = null;
      return;
    }
    const reached = rateAt(rate, refusal.sentAtMs);
    const found = estimate(epoch, burst);
    if (rate.proved) patience *= 1.5;
    // Slower than one request a pause is no pace.
    const perSecond = Math.max(1 / pauseS, correct(rate, reached, found));
    rate = { perSecond, fromMs, holdS: KEPT_PAUSES * patience * pauseS, growth: PROBE_GROWTH, proved: true };
  };

  return {
    gapMs: (nowMs) => {
      if (rate === null) return 0;
      const perSecond = rateAt(rate, nowMs);
      if (perSecond < rate.perSecond * LET_GO) return 1000 / perSecond;
      rate = null;
      return 0;
    },
    accepted: (sentAtMs) => {
      // An answer to what was sent before the last pause says nothing about the time after it.
      if (sentAtMs < refusedAtMs) return;
      startedAtMs = Math.min(startedAtMs ?? sentAtMs, sentAtMs);
      sent.push(sentAtMs);
      if (sent.length > 2 * REMEMBERED) {
        sent = sent.slice(-REMEMBERED);
        startedAtMs = sent[0] ?? null;
      }
    },
    refused: (refusal) => {
      // Requests in flight together are refused together: one lesson, not several.
      if (refusal.sentAtMs < refusedAtMs) return;
      learn(refusal);
      refusedAtMs = refusal.nowMs;
      startedAtMs = null;
      sent = [];
    },
  };
}

function rateAt({ perSecond, fromMs, holdS, growth }: Rate, nowMs: number): number {
  const s = (nowMs - fromMs) / 1000 - holdS;
  return s <= 0 ? perSecond : perSecond * Math.exp(growth * s * (1 + s / 10));
}

function readEpoch(sent: readonly number[], startedAtMs: number, refusal: Refusal): Epoch {
  const sentAtMs = sent.toSorted((a, b) => a - b);
  const lengthS = Math.max(0, refusal.sentAtMs - startedAtMs) / 1000;
  return {
    sentAtMs,
    lengthS,
    lately: sentAtMs.filter((at) => at > refusal.sentAtMs - 1000).length,
    least: sentAtMs.length / (lengthS + refusal.pauseMs / 1000),
  };
}

/** What to try after the first refusal: what the site says, or else its burst once a second, as most limits are made. */
function firstRate(epoch: Epoch, { pauseMs, perSecond }: Refusal, fromMs: number): Rate {
  const pauseS = pauseMs / 1000;
  const accepted = epoch.sentAtMs.length;
  const wholeBurst = accepted >= WHOLE_BURST || perSecond !== null;
  const isBurst = epoch.lengthS < 1 && pauseS <= LONGEST_BURST_PAUSE_S;
  const start = pauseS <= LONGEST_BURST_PAUSE_S ? SLOWEST_START : 1 / pauseS;
  const guess = perSecond ?? Math.max(epoch.least / MARGIN, isBurst ? accepted : 0);
  return {
    perSecond: Math.max(MARGIN * guess, perSecond === null ? start : 0),
    fromMs,
    holdS: wholeBurst ? BURST_KEPT_PAUSES * pauseS : 0,
    growth: SEARCH_GROWTH / Math.sqrt(pauseS),
    proved: false,
  };
}

/** Requests a second that the site was seen to stand; 0 where nothing was. */
function estimate(epoch: Epoch, burst: Readonly<{ accepted: number; lengthS: number }>): number {
  const { sentAtMs, lately, least } = epoch;
  const refilled = refillOf(sentAtMs, burst.accepted, burst.lengthS < 1 ? burst.lengthS : 0);
  const few = sentAtMs.length < 1.5 * burst.accepted || refilled > 0.6 * burst.accepted;
  const perWindow = burst.accepted > 2 && lately <= 1.2 * burst.accepted && few;
  const windowed = perWindow ? Math.min(burst.accepted, lately) : 0;
  return MARGIN * Math.max(least, refilled, windowed);
}

/** The rate at which a store of requests must have filled again, given how many it held at first. */
function refillOf(sentAtMs: readonly number[], held: number, emptiedInS: number): number {
  const lastMs = sentAtMs.at(-1) ?? 0;
  const rates = sentAtMs.map((at, index) => {
    const seconds = (lastMs - at) / 1000 - emptiedInS;
    return seconds > 0.05 ? (sentAtMs.length - index - held) / seconds : 0;
  });
  return Math.max(0, ...rates);
}

/** The rate to go on with after a refusal at rate `reached`. */
function correct(rate: Rate, reached: number, found: number): number {
  if (!rate.proved) return Math.min(found > 0 ? found : reached / 2, 0.96 * reached);
  // Only the try for more was too much.
  if (reached > 1.005 * rate.perSecond) return Math.min(Math.max(found, rate.perSecond), MARGIN * reached);
  return Math.min(Math.max(found, 0.85 * reached), 0.96 * reached);
}
