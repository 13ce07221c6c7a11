import { sql } from 'kysely';
import type { SpaceProgress } from '../sync/store.ts';
import { clippedText } from './clipped-text.ts';
import { storableJson } from './storable-json.ts';
import type { TableNames } from './table-names.ts';
import { timestampText } from './timestamp-text.ts';
import type { Tx } from './transactions.ts';

/** Writes what is known of a space after a batch; what the progress does not mention stays as it is. */
export async function writeSpace(tx: Tx, names: TableNames, space: SpaceProgress): Promise<void> {
  const watermark = space.watermark === undefined ? null : timestampText(space.watermark);
  const listed = space.listed === true;
  const held = space.held === undefined || space.held === null ? null : storableJson(space.held);
  await sql`
    insert into ${names('confluence_sync_spaces')} as s (key, name, status, watermark, last_listed_at, held)
    values (${space.key}, ${clippedText(space.name, 1_000)}, ${space.status}, ${watermark}::timestamptz,
      case when ${listed}::bool then statement_timestamp() end, ${held}::jsonb)
    on conflict (key) do update set name = excluded.name, status = excluded.status,
      watermark = coalesce(excluded.watermark, s.watermark),
      last_listed_at = coalesce(excluded.last_listed_at, s.last_listed_at),
      held = case when ${space.held !== undefined}::bool then excluded.held else s.held end`.execute(tx);
}
