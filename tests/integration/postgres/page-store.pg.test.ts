import { pageStoreContract } from '../../contract/page-store.ts';
import { openPostgresStore } from '../../support/real-postgres-store.ts';

pageStoreContract('PostgreSQL', openPostgresStore);
