import { Counter } from 'prom-client';
import type { ApiCounts } from '../sync/source.ts';
import type { Named } from './create-metrics.ts';

/** Shows what the source has cost so far, read anew at each scrape. */
export function addSourceMetrics(named: Named, counts: () => ApiCounts): void {
  const show = (name: string, help: string, read: (counts: ApiCounts) => number): void => {
    const counter: Counter = new Counter({
      ...named(name, help),
      collect: () => {
        counter.reset();
        counter.inc(read(counts()));
      },
    });
  };
  show('source_requests_total', 'Requests to Confluence', ({ requests }) => requests);
  show('source_retries_total', 'Requests to Confluence that were repeated', ({ retries }) => retries);
  show('source_waited_seconds_total', 'Time waited before repeating', ({ waitedMs }) => waitedMs / 1000);
  show('source_bytes_total', 'Bytes received from Confluence', ({ bytes }) => bytes);
}
