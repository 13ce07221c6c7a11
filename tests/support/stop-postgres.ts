import { removeHome } from './real-postgres-home.ts';

/** After all tests: stops the server, if a test started one. */
export default async function stopPostgres(): Promise<void> {
  // Loaded only where it is needed: it takes a second, and most runs have nothing to drop.
  if (process.env['TEST_DATABASE_URL'] !== undefined)
    await (await import('./real-postgres.ts')).dropTemplate();
  removeHome(process.pid);
}
