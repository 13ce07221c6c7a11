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
  refusedAtMs: number;
  /** Seconds from its first request to the refusal. */
  lengthS: number;
  /** How many were accepted in its last second. */
  lately: number;
  /** Accepted requests a second with the pause counted in: the site stands at least this. */
  least: number;
}>;

/** What was accepted at once before the first refusal. */
type Burst = Readonly<{ accepted: number; lengthS: number }>;

/** A pace to start from is never slower than this: finding the true one from below takes longer than one more refusal. */
const SLOWEST_START = 4;
/** A pause beyond this belongs to a quota: then the whole time counts, not the burst. */
const LONGEST_BURST_PAUSE_S = 10;
/** A rate that has been found is kept for this many pauses before more is tried, for a try may cost one. */
const KEPT_PAUSES = 12;
/** A burst this large before the first refusal may be what the site allows a second; kept for this many pauses. */
const WHOLE_BURST = 8;
const BURST_KEPT_PAUSES = 5;
const SEARCH_GROWTH = 0.5;
const PROBE_GROWTH = 0.006;
const MARGIN = 0.98;
/** Times faster than at its start, a pace is let go. */
const LET_GO = 16;
/** So often in a row may a pace bring less than the pauses alone did: then speed is not what the site minds. */
const VAIN = 2;
/** So many refusals are then taken without slowing down, twice as many each time. */
const UNMOVED = 10;
const MOST_UNMOVED = 160;
/** A refusal after fewer requests than this comes of a rate that is far too high. */
const SOON = 30;
/** So long without a request, and what follows is counted by itself. */
const BREAK_MS = 1000;
const REMEMBERED = 400;

/** Makes a pace that holds nothing back yet. */
export function createPace(): Pace {
  let rate: Rate | null = null;
  let burst: Burst = { accepted: 1, lengthS: 0 };
  let sent: number[] = [];
  let last: Refusal | null = null;
  let lesson: Refusal | null = null;
  let patience = 1;
  let free = 0;
  let inVain = 0;
  let before = 0;
  let unmoved = UNMOVED;
  let ignored = 0;

  const learn = (refusal: Refusal) => {
    const epoch = readEpoch(sent, refusal);
    sent = sent.filter((at) => at >= refusal.nowMs);
    const pauseS = refusal.pauseMs / 1000;
    if (ignored > 0) {
      ignored--;
      return;
    }
    if (rate === null) {
      const active = readEpoch(lastStretch(epoch.sentAtMs), refusal);
      burst = readBurst(active);
      rate = firstRate(active, refusal);
      free = active.least;
      [patience, inVain] = [1, 0];
      return;
    }
    const isHeld = rateAt(rate, epoch.refusedAtMs) <= 1.005 * rate.perSecond;
    const accepted = epoch.sentAtMs.length;
    const isVain = epoch.least < 0.5 * free || (rate.proved && isHeld && accepted < 1.5 * before);
    inVain = isVain && accepted > 0 ? inVain + 1 : 0;
    before = accepted;
    if (inVain >= VAIN) {
      rate = null;
      ignored = unmoved;
      unmoved = Math.min(MOST_UNMOVED, 2 * unmoved);
      return;
    }
    const perSecond = Math.max(1 / pauseS, correct(rate, epoch, burst));
    if (rate.proved) patience *= 1.5;
    const holdS = KEPT_PAUSES * patience * pauseS;
    const fromMs = refusal.nowMs + refusal.pauseMs;
    rate = { perSecond, fromMs, holdS, growth: PROBE_GROWTH, proved: true };
  };

  return {
    gapMs: (nowMs) => {
      // Only now have the answers come to all that was sent before the pause.
      if (lesson !== null && nowMs >= lesson.nowMs + lesson.pauseMs) {
        learn(lesson);
        lesson = null;
      }
      if (rate === null) return 0;
      const perSecond = rateAt(rate, nowMs);
      if (perSecond < rate.perSecond * LET_GO) return 1000 / perSecond;
      rate = null;
      return 0;
    },
    accepted: (sentAtMs) => {
      sent.push(sentAtMs);
      if (sent.length > 2 * REMEMBERED) sent = sent.slice(-REMEMBERED);
    },
    refused: (refusal) => {
      // Requests in flight together are refused together: one lesson, not several.
      if (last !== null && refusal.sentAtMs < last.nowMs + 1) {
        if (lesson !== null && refusal.sentAtMs < lesson.sentAtMs)
          lesson = { ...lesson, sentAtMs: refusal.sentAtMs };
        return;
      }
      if (lesson !== null) learn(lesson);
      [last, lesson] = [refusal, refusal];
    },
  };
}

function rateAt({ perSecond, fromMs, holdS, growth, proved }: Rate, nowMs: number): number {
  const s = (nowMs - fromMs) / 1000 - holdS;
  return s <= 0 ? perSecond : perSecond * Math.exp(growth * s * (proved ? 1 + s / 10 : 1));
}

function readEpoch(sent: readonly number[], refusal: Refusal): Epoch {
  const sentAtMs = sent.filter((at) => at <= refusal.sentAtMs).sort((a, b) => a - b);
  const refusedAtMs = refusal.sentAtMs;
  const lengthS = (refusedAtMs - (sentAtMs[0] ?? refusedAtMs)) / 1000;
  return {
    sentAtMs,
    refusedAtMs,
    lengthS,
    lately: sentAtMs.filter((at) => at > refusedAtMs - 1000).length,
    least: sentAtMs.length / (lengthS + refusal.pauseMs / 1000),
  };
}

/** The sendings after the last break: what came before it says nothing about how fast is too fast. */
function lastStretch(sentAtMs: readonly number[]): readonly number[] {
  const from = sentAtMs.findLastIndex((at, index) => at - (sentAtMs[index - 1] ?? at) > BREAK_MS);
  return sentAtMs.slice(Math.max(0, from));
}

function readBurst({ sentAtMs, lengthS, least }: Epoch): Burst {
  const { length } = sentAtMs;
  if (lengthS < 1) return { accepted: Math.max(1, length), lengthS };
  // A long stretch lived on what came free meanwhile, too.
  return { accepted: Math.max(1, length - least * lengthS), lengthS: 0 };
}

/** What to try after the first refusal: what the site says, or else its burst once a second, as most limits are made. */
function firstRate(epoch: Epoch, { nowMs, pauseMs, perSecond }: Refusal): Rate {
  const pauseS = pauseMs / 1000;
  const accepted = epoch.sentAtMs.length;
  const isBurst = epoch.lengthS < 1 && pauseS <= LONGEST_BURST_PAUSE_S;
  const wholeBurst = (isBurst && accepted >= WHOLE_BURST) || perSecond !== null;
  const start = pauseS <= LONGEST_BURST_PAUSE_S ? SLOWEST_START : 1 / pauseS;
  const guess = perSecond ?? Math.max(epoch.least / MARGIN, isBurst ? accepted : 0);
  return {
    perSecond: Math.max(MARGIN * guess, perSecond === null ? start : 0),
    fromMs: nowMs + pauseMs,
    holdS: wholeBurst ? BURST_KEPT_PAUSES * pauseS : 0,
    growth: wholeBurst ? 0.1 / pauseS : SEARCH_GROWTH / Math.sqrt(pauseS),
    proved: false,
  };
}

/** Requests a second that the site was seen to stand; 0 where nothing was. */
function estimate(epoch: Epoch, burst: Burst): number {
  const { sentAtMs, lately, least } = epoch;
  const refilled = refillOf(sentAtMs, burst.accepted, burst.lengthS);
  const isFew = sentAtMs.length < 1.5 * burst.accepted || refilled > 0.6 * burst.accepted;
  // As many as in the burst before, and in the same second: that many a second is the limit.
  const isWindow = burst.accepted > 2 && lately >= burst.accepted && lately <= 1.2 * burst.accepted;
  return MARGIN * Math.max(least, refilled, isWindow && isFew ? burst.accepted : 0);
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

/** The rate to go on with after a refusal. */
function correct(rate: Rate, epoch: Epoch, burst: Burst): number {
  const reached = rateAt(rate, epoch.refusedAtMs);
  const found = estimate(epoch, burst);
  if (!rate.proved) return Math.min(found > 0 ? found : reached / 2, 0.96 * reached);
  // Only the try for more was too much.
  if (reached > 1.005 * rate.perSecond) return Math.min(Math.max(found, rate.perSecond), MARGIN * reached);
  const soon = epoch.sentAtMs.length < SOON;
  return Math.min(Math.max(found, (soon ? 0.8 : 0.85) * reached), (soon ? 0.92 : 0.96) * reached);
}
