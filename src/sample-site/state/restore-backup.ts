import { createDice } from '../dice.ts';
import type { Library } from './library.ts';
import type { SiteEdits } from './site-edits.ts';

/** How much a backup changes: shares of the live pages that go back a version, and that are gone. */
export type Backup = Readonly<{ seed: number; back: number; gone: number }>;

const CHANCES = 1_000_000;

/** Turns the site into what it was before: the same seed does the same to the same site. */
export function restoreBackup(library: Library, edit: SiteEdits, { seed, back, gone }: Backup): void {
  const dice = createDice(seed);
  const live = library.collections.page.walk({
    spaces: null,
    statuses: ['current', 'archived'],
    order: 'id',
    descending: false,
    start: { kind: 'first' },
  });
  const ids = Array.from(live, ({ id }) => id);
  for (const id of ids) {
    const chance = dice.below(CHANCES) / CHANCES;
    if (chance < gone) edit.purge(id);
    else if (chance < gone + back) edit.goBack(id, 1);
  }
}
