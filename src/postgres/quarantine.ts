import { sql } from 'kysely';
import type { PageFailure } from '../sync/page.ts';
import { clippedText } from './clipped-text.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

const MAX_INTEGER = 2_147_483_647;

/** Puts failed pages into quarantine: first for 15 minutes, then twice as long each time, up to a day. */
export async function quarantine(tx: Tx, names: TableNames, failures: readonly PageFailure[]): Promise<void> {
  if (failures.length === 0) return;
  const text = (pick: (failure: PageFailure) => string | null, maxLength: number): (string | null)[] =>
    failures.map((failure) => {
      const value = pick(failure);
      return value === null ? null : clippedText(value, maxLength);
    });
  await sql`
    insert into ${names('confluence_sync_failures')} as f (page_id, space_key, title, version, stage, code, message,
      attempts, first_failed_at, last_failed_at, next_retry_at)
    select i.*, 1, statement_timestamp(), statement_timestamp(), statement_timestamp() + interval '15 minutes'
    from unnest(${text(({ id }) => id, 255)}::text[], ${text(({ spaceKey }) => spaceKey, 255)}::text[],
      ${text(({ title }) => title, 1_000)}::text[], ${failures.map(storableVersion)}::int4[],
      ${text(({ stage }) => stage, 20)}::text[], ${text(({ code }) => code, 100)}::text[],
      ${text(({ message }) => message, 1_000)}::text[]) as i
    on conflict (page_id) do update set
      space_key = case when excluded.space_key = '' then f.space_key else excluded.space_key end,
      title = coalesce(excluded.title, f.title), version = coalesce(excluded.version, f.version),
      stage = excluded.stage, code = excluded.code, message = excluded.message, attempts = f.attempts + 1,
      last_failed_at = excluded.last_failed_at,
      next_retry_at = excluded.last_failed_at
        + least(interval '24 hours', interval '15 minutes' * power(2, least(f.attempts, 10)))`.execute(tx);
}

function storableVersion({ version }: PageFailure): number | null {
  if (version === null || !Number.isInteger(version) || Math.abs(version) > MAX_INTEGER) return null;
  return version;
}

/** Takes pages out of the quarantine. */
export async function leaveQuarantine(tx: Tx, names: TableNames, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from ${names('confluence_sync_failures')} where page_id = any (${ids}::text[])`.execute(
    tx,
  );
}
