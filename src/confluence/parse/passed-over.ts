import type { ParsedRow } from './parsed-row.ts';

/** A row that is none of ours for a reason outside of it: another space's. */
export function passedOver(row: ParsedRow): ParsedRow {
  if (row.kind === 'unusable' || row.kind === 'other') return row;
  return { kind: 'other', id: row.kind === 'live' ? row.head.id : row.id, status: null };
}
