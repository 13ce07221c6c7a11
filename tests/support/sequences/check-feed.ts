import assert from 'node:assert/strict';
import type { Episode } from './episode.ts';
import type { ObservedChange, ObservedRow } from './observed-mirror.ts';

/** Replaying the feed gives the table, and a row was written exactly where the feed tells of a change. */
export function checkFeed({ before, after, report }: Episode): void {
  const replayed = replay(after.changes);
  assert.deepEqual(
    replayed,
    new Map([...after.rows].map(([id, row]) => [id, feedForm(row)])),
    'the feed is not the table',
  );
  const fresh = after.changes.slice(before.changes.length);
  for (const [id, row] of after.rows) {
    const told = fresh.filter((change) => change.id === id);
    const older = before.rows.get(id);
    assert.equal(
      told.length > 0,
      older?.written !== row.written,
      `page ${id}: the row and the feed do not agree on a change`,
    );
    if (told.length === 1)
      assert.notDeepEqual(
        { ...row, written: '' },
        { ...older, written: '' },
        `page ${id} changed in nothing`,
      );
  }
  for (const kind of ['created', 'updated', 'moved', 'restored', 'deleted'] as const)
    assert.equal(
      report.counts[kind],
      fresh.filter((change) => change.kind === kind).length,
      `pages ${kind} in report and feed`,
    );
}

type FeedForm = Readonly<{ hash: string; spaceKey: string; version: number; gone: boolean }>;

function feedForm(row: ObservedRow): FeedForm {
  const { contentHash: hash, spaceKey, version } = row;
  return { hash, spaceKey, version, gone: row.deletedReason !== null };
}

function replay(changes: readonly ObservedChange[]): ReadonlyMap<string, FeedForm> {
  const pages = new Map<string, FeedForm>();
  for (const { id, kind, contentHash: hash, previousHash, contentChanged, spaceKey, version } of changes) {
    const before = pages.get(id);
    assert.equal(previousHash, before?.hash ?? null, `the feed has a hole before ${kind} of page ${id}`);
    assert.equal(contentChanged, hash !== previousHash, `page ${id} ${kind}: wrong word on its content`);
    assert.equal(kind === 'created', before === undefined, `page ${id} is ${kind} out of turn`);
    assert.equal(kind === 'restored', before?.gone === true, `page ${id} is ${kind} out of turn`);
    pages.set(id, { hash, spaceKey, version, gone: kind === 'deleted' });
  }
  return pages;
}
