import { openPostgresStore } from '../../../support/real-postgres-store.ts';
import { askingTests } from './asking.ts';

askingTests('PostgreSQL', openPostgresStore);
