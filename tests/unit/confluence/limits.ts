/** A limit on requests a site has: says of each arrival whether it is let in, and when the next would be. */
export interface Limit {
  admit(atMs: number): boolean;
  /** The first moment at which an arrival would be let in. */
  opensAt(nowMs: number): number;
  /** How many would be let in now. */
  left(nowMs: number): number;
}

/** `burst` requests at once, refilled evenly at `perSecond`. With a burst of one: evenly spaced requests and no others. */
export function tokenBucket(perSecond: number, burst: number): Limit {
  const perMs = perSecond / 1000;
  let level = burst;
  let at = 0;
  const levelAt = (now: number) => Math.min(burst, level + (now - at) * perMs);
  return {
    admit: (now) => {
      level = levelAt(now);
      at = now;
      if (level < 1 - 1e-9) return false;
      level -= 1;
      return true;
    },
    opensAt: (now) => (levelAt(now) >= 1 - 1e-9 ? now : now + (1 - levelAt(now)) / perMs),
    left: (now) => Math.floor(levelAt(now) + 1e-9),
  };
}

/** `most` requests in each window of a second of the site's clock. */
export function fixedWindow(most: number): Limit {
  let window = -1;
  let used = 0;
  const usedAt = (now: number) => (Math.floor(now / 1000) === window ? used : 0);
  return {
    admit: (now) => {
      used = usedAt(now);
      window = Math.floor(now / 1000);
      return used < most && ++used > 0;
    },
    opensAt: (now) => (usedAt(now) < most ? now : (window + 1) * 1000),
    left: (now) => most - usedAt(now),
  };
}

/** `most` requests in any second. */
export function slidingWindow(most: number): Limit {
  let admitted: number[] = [];
  const recent = (now: number) => admitted.filter((at) => at > now - 1000);
  return {
    admit: (now) => {
      admitted = recent(now);
      return admitted.length < most && admitted.push(now) > 0;
    },
    opensAt: (now) => {
      const all = recent(now);
      return all.length < most ? now : (all.at(-most) ?? now) + 1000;
    },
    left: (now) => most - recent(now).length,
  };
}
