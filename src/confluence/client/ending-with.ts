import { stopped } from './stopped.ts';

/** Waits for `wait`; where the signal ended it, throws the error of ours that the signal stands for. */
export async function endingWith(signal: AbortSignal, wait: Promise<void>): Promise<void> {
  try {
    await wait;
  } catch (error) {
    throw signal.aborted ? stopped(signal) : error;
  }
}
