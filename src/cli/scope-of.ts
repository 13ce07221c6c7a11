import type { Config } from '../config/load-config.ts';
import type { ScopeSettings } from '../sync/scope.ts';

/** What the mirror is meant to hold. */
export function scopeOf({ values }: Pick<Config, 'values'>): ScopeSettings {
  return {
    spaces: values.CONFLUENCE_SPACES ?? [],
    excludeSpaces: values.CONFLUENCE_EXCLUDE_SPACES ?? [],
    archived: values.CONFLUENCE_ARCHIVED,
    contentTypes: values.CONFLUENCE_CONTENT_TYPES,
  };
}
