import type { TableNames } from '../table-names.ts';
import type { Tx } from '../transactions.ts';

/** One step of the schema. Both ways run inside a transaction that also records them. */
export type Migration = Readonly<{
  name: string;
  up: (tx: Tx, names: TableNames) => Promise<void>;
  down: (tx: Tx, names: TableNames) => Promise<void>;
}>;
