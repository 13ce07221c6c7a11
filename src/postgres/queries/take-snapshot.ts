import { sql } from 'kysely';
import type { Tx } from '../transactions.ts';

/** Lets every statement of the transaction see one moment. Must come before the first of them, and nothing may be written. */
export async function takeSnapshot(tx: Tx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(tx);
}
