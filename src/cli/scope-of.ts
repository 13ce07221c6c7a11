import type { Config } from '../config/load-config.ts';
import type { ScopeSettings } from '../sync/scope.ts';

/** What the mirror is meant to hold. */
export function scopeOf({ values }: Pick<Config, 'values'>): ScopeSettings {
  const rootPages = values.CONFLUENCE_ROOT_PAGES ?? [];
  return {
    spaces: values.CONFLUENCE_SPACES ?? [],
    excludeSpaces: values.CONFLUENCE_EXCLUDE_SPACES ?? [],
    archived: values.CONFLUENCE_ARCHIVED,
    // Blog posts are below no page.
    contentTypes: rootPages.length > 0 ? ['page'] : values.CONFLUENCE_CONTENT_TYPES,
    rootPages,
  };
}
