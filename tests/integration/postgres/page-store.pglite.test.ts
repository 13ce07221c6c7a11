import { pageStoreContract } from '../../contract/page-store.ts';
import { openPgliteStore } from '../../support/pglite-store.ts';

pageStoreContract('PGlite', openPgliteStore);
