import type { Site } from '../http/site.ts';
import type { Dialect } from '../v1/dialect.ts';
import { cloudAddress } from './page-address.ts';

/** How Cloud speaks v1. */
export function cloudDialect(site: Site): Dialect {
  return {
    date: (ms) => new Date(ms).toISOString(),
    webui: cloudAddress,
    base: site.base(),
    context: '/wiki',
  };
}
