import type { Advice } from '../sync/errors.ts';

/** Exit codes by meaning; the numbers are public. */
export const EXIT = {
  done: 0,
  quarantine: 3,
  usage: 64,
  held: 65,
  /** A reader's place in the feed lies before what is kept of it. */
  behind: 65,
  unavailable: 69,
  bug: 70,
  busy: 75,
  refused: 77,
  configuration: 78,
  interrupted: 130,
} as const;

const BY_ADVICE: Readonly<Record<Advice, number>> = {
  retry_later: EXIT.unavailable,
  sign_in: EXIT.refused,
  configure: EXIT.configuration,
  wait_for_other_run: EXIT.busy,
  stop: EXIT.interrupted,
};

/** The exit code for a failure of ours. */
export function exitCodeOf(error: Readonly<{ advice: Advice }>): number {
  return BY_ADVICE[error.advice];
}
