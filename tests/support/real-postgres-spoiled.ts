import type { RawClient, RawPool } from '../../src/postgres/guard-pool.ts';

/** Does something around a statement; calls `run` for its answer. */
export type Spoil = (
  statement: string,
  run: () => ReturnType<RawClient['query']>,
  client: RawClient,
) => ReturnType<RawClient['query']>;

/** A pool whose every statement goes through `spoil`. */
export function spoiledPool(pool: RawPool, spoil: Spoil): RawPool {
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        ...client,
        query: (statement, parameters) => spoil(statement, () => client.query(statement, parameters), client),
      };
    },
    end: () => pool.end(),
  };
}
