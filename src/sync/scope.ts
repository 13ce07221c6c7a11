import type { ContentType, Space } from './page.ts';

/** What is wanted; space keys match without regard to case, `*` and `?` as in file names. */
export type ScopeSettings = Readonly<{
  spaces: readonly string[];
  excludeSpaces: readonly string[];
  archived: 'include' | 'exclude';
  contentTypes: readonly ContentType[];
  /** Ids of the pages that are wanted with all that is below them; empty means every page. */
  rootPages: readonly string[];
}>;

/** The wanted and the unwanted part of the visible spaces, and wanted keys that matched none of them. */
export type ScopedSpaces = Readonly<{
  wanted: readonly Space[];
  unwanted: readonly Space[];
  unseen: readonly string[];
}>;

/** Chooses the wanted spaces. An empty include list wants every visible space; `only` narrows one run. */
export function chooseSpaces(
  visible: readonly Space[],
  settings: ScopeSettings,
  only: readonly string[],
): ScopedSpaces {
  const inScope = createScope(settings);
  const inRun = createScope({ spaces: only, excludeSpaces: [] });
  const isSeen = (pattern: string) => visible.some((space) => matches(pattern, space.key));
  const isArchivedOut = (space: Space) => space.status === 'archived' && settings.archived === 'exclude';
  const isWanted = (space: Space) => inScope(space.key) && !isArchivedOut(space);
  return {
    wanted: visible.filter((space) => isWanted(space) && inRun(space.key)),
    unwanted: visible.filter((space) => !isWanted(space)),
    unseen: (only.length > 0 ? only : settings.spaces).filter(
      (pattern) => !isPattern(pattern) && !isSeen(pattern),
    ),
  };
}

/** Tells whether a space key is wanted. */
export function createScope(
  settings: Pick<ScopeSettings, 'spaces' | 'excludeSpaces'>,
): (key: string) => boolean {
  const included = (key: string) =>
    settings.spaces.length === 0 || settings.spaces.some((pattern) => matches(pattern, key));
  const excluded = (key: string) => settings.excludeSpaces.some((pattern) => matches(pattern, key));
  return (key) => included(key) && !excluded(key);
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

// Walks both strings with one way back to the last star: linear in practice, and no pattern can blow it up.
function matches(pattern: string, key: string): boolean {
  const wanted = pattern.toLowerCase();
  const text = key.toLowerCase();
  let at = 0;
  let from = 0;
  let star = -1;
  let starText = 0;
  while (from < text.length) {
    if (wanted[at] === '*') {
      star = at++;
      starText = from;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starText;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(at));
}
