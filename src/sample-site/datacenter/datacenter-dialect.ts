import type { Site } from '../http/site.ts';
import { writeDate } from '../server-offset.ts';
import type { Dialect } from '../v1/dialect.ts';
import { datacenterAddress } from './page-address.ts';

/** The zone of the invented server. */
export const DEFAULT_SERVER_OFFSET = '+10:00';

/** How Data Center speaks: dates in the server's own zone. */
export function datacenterDialect(site: Site): Dialect {
  const offset = site.options.serverOffset ?? DEFAULT_SERVER_OFFSET;
  return {
    date: (ms) => writeDate(ms, offset),
    webui: datacenterAddress,
    base: site.base(),
    context: site.options.contextPath ?? '',
  };
}
