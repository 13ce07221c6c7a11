import { openPgliteStore } from '../../../support/pglite-store.ts';
import { askingTests } from './asking.ts';

askingTests('PGlite', openPgliteStore);
