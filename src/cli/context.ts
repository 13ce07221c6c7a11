import type { Clock, Random } from '../sync/ambient.ts';
import type { Environment, ReadFile } from '../config/read-values.ts';

/** What a command may touch of the process it runs in. */
export type CliContext = Readonly<{
  environment: Environment;
  readFile: ReadFile;
  clock: Clock;
  random: Random;
  /** Aborts with `Interrupted` when the process is told to stop. */
  stop: AbortSignal;
  /** Results go here. */
  out: Output;
  /** Progress and messages go here. */
  err: Output;
  /** Set by the command: what the process ends with. */
  exit: { code: number };
}>;

/** A stream people or programs read. */
export type Output = NodeJS.WritableStream & Readonly<{ isTTY?: boolean; columns?: number }>;
