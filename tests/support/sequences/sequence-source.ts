import {
  createConfluenceSource,
  type ConfluenceSource,
} from '../../../src/confluence/create-confluence-source.ts';
import type { Clock } from '../../../src/sync/ambient.ts';
import { quietLog } from '../test-clock.ts';
import type { Sequence } from './sequence.ts';

/** The real source, over a socket, as a sequence wants it. */
export function sequenceSource(
  { habits, contentTypes, archived }: Sequence,
  baseUrl: string,
  clock: Clock,
): ConfluenceSource {
  const settings = {
    ...{ baseUrl, deployment: habits.deployment, contentTypes, archived },
    credentials: { kind: 'basic', user: 'tests@example.com', secret: 'tests-token' },
    ...{
      cloudId: null,
      concurrency: 4,
      timeoutMs: 30_000,
      maxBodyBytes: 10_000_000,
      ca: null,
      proxy: null,
      noProxy: null,
    },
  } as const;
  return createConfluenceSource(settings, { clock, log: quietLog, random: () => 0.5 });
}
