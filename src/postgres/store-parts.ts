import type { Fence } from './fence.ts';
import type { TableNames } from './table-names.ts';
import type { Transactions } from './transactions.ts';

/** What reading and writing the mirror needs. */
export type StoreParts = Readonly<{
  transactions: Transactions;
  schema: string;
  names: TableNames;
  fence: Fence;
}>;
