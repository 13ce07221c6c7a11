import type { RequestRecord } from '../sample-site.ts';

/** The requests of a site, the oldest forgotten first. */
export type RequestLog = Readonly<{ records: RequestRecord[]; add: (record: RequestRecord) => void }>;

const KEPT = 100_000;

/** Makes an empty log. */
export function createRequestLog(): RequestLog {
  const records: RequestRecord[] = [];
  return {
    records,
    add(record) {
      records.push(record);
      if (records.length >= 2 * KEPT) records.splice(0, KEPT);
    },
  };
}
