import { mkdir } from 'node:fs/promises';
import pg from 'pg';
import type { PGlite, Results } from '@electric-sql/pglite';
import type { RawClient, RawPool, RawResult } from './guard-pool.ts';

/**
 * The embedded database behind a pool's face. It has one connection: whoever asks while it is out waits in line.
 * `folder` null keeps everything in memory. The caller must hold the folder's lock.
 */
export async function createPglitePool(folder: string | null): Promise<RawPool> {
  const database = await openPglite(folder);
  let last: Promise<void> = Promise.resolve();
  const connect = async (): Promise<RawClient> => {
    const before = last;
    let leave = (): void => undefined;
    last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return rawClient(database, leave);
  };
  const end = async (): Promise<void> => {
    await last;
    await database.close();
  };
  return { connect, end };
}

async function openPglite(folder: string | null): Promise<PGlite> {
  // Loaded here and not above: it costs hundreds of megabytes that a worker on a real server never needs.
  const { PGlite } = await import('@electric-sql/pglite');
  if (folder !== null) await mkdir(folder, { recursive: true });
  // The parsers of pg, so that both databases answer with the same JavaScript values.
  const timestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown;
  const parsers = { [pg.types.builtins.TIMESTAMPTZ]: timestamp, [pg.types.builtins.INT8]: String };
  return PGlite.create({ dataDir: folder ?? 'memory://', parsers });
}

function rawClient(database: PGlite, leave: () => void): RawClient {
  return {
    query: async (statement, parameters) =>
      parameters.length === 0
        ? (await database.exec(statement)).map(rawResult)
        : rawResult(await database.query(statement, [...parameters])),
    onLost: () => () => undefined,
    release: leave,
  };
}

function rawResult(result: Results<unknown>): RawResult {
  return {
    command: result.command ?? '',
    rowCount: result.rowCount ?? result.affectedRows ?? 0,
    rows: result.rows,
  };
}
