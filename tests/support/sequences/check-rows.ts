import assert from 'node:assert/strict';
import { hashBody } from '../../../src/content/index.ts';
import { pageAddress } from '../model-site/page-address.ts';
import type { Model, ModelPage } from '../model-site/model.ts';
import type { Scene } from './check-episode.ts';
import type { Episode } from './episode.ts';
import type { ObservedRow } from './observed-mirror.ts';

/** Every row is a state that its page really had, and no version goes back unless the page's own did. */
export function checkRows({ model, truth }: Scene, { before, after, end }: Episode): void {
  for (const row of after.rows.values()) {
    const states = truth.moments(row.id, -Infinity, end).flatMap(({ page }) => page ?? []);
    const bodies = states.filter((page) => sameVersion(row, page)).map(({ storage }) => storage);
    assert.ok(
      bodies.includes(row.storage),
      `page ${row.id} is stored with a body that version ${row.version} never had`,
    );
    assert.equal(
      row.contentHash,
      hashBody(row.storage).contentHash,
      `page ${row.id} has the hash of another body`,
    );
    if (row.deletedReason === null)
      assert.ok(
        states.some((page) => sameVersion(row, page) && samePlace(model, row, page)),
        `page ${row.id} is stored as it never was: ${JSON.stringify(row)}`,
      );
    const older = before.rows.get(row.id);
    const wentBack = states.some(({ version }, index) => version < (states[index - 1]?.version ?? 0));
    assert.ok(
      wentBack || row.version >= (older?.version ?? 0),
      `page ${row.id} went back to version ${row.version}`,
    );
  }
}

/** The row is this version of the page. */
export function sameVersion(row: ObservedRow, page: ModelPage): boolean {
  const { version, updatedAt, title, type } = page;
  return row.version === version && row.lastUpdated === updatedAt && row.title === title && row.type === type;
}

/** The row is where the page is. */
export function samePlace(model: Model, row: ObservedRow, page: ModelPage): boolean {
  const { spaceKey, parentId, status } = page;
  const isThere = row.spaceKey === spaceKey && row.parentId === parentId && row.status === status;
  return isThere && row.url.endsWith(pageAddress(model, page));
}
