import { homeOf, removeOrphans } from './real-postgres-home.ts';

/** Before all tests: names the place where the first test that needs a server starts one for all of them. */
export default function startPostgres(): void {
  removeOrphans();
  process.env['TEST_POSTGRES_HOME'] = homeOf(process.pid);
}
