import { crashWatch } from './crash-watch.ts';
import { firstTables } from './first-tables.ts';
import type { Migration } from './migration.ts';
import { retention } from './retention.ts';
import { unusualStatus } from './unusual-status.ts';

/** Every migration, oldest first. Names are for ever: databases remember them. */
export const allMigrations: readonly Migration[] = [firstTables, retention, crashWatch, unusualStatus];
