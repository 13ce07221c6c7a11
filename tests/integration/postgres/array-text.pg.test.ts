import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { arrayText } from '../../../src/postgres/array-text.ts';
import { realPostgres } from '../../support/real-postgres.ts';

let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ connectionString: await realPostgres() });
  await client.connect();
});
afterAll(() => client.end());

const element = fc.option(
  fc.oneof(
    fc.string({
      unit: fc.constantFrom('"', '\\', '{', '}', ',', ' ', '\n', '\t', "'", 'NULL', 'a', 'é', '😀'),
    }),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed()),
  ),
);

test('an array of any texts arrives at the server as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(element, { maxLength: 30 }), async (elements) => {
      const { rows } = await client.query<{ given: unknown }>('select $1::text[] as given', [
        arrayText(elements),
      ]);
      expect(rows[0]?.given).toEqual(elements);
    }),
    { numRuns: 500 },
  );
});

test('numbers, truth values and nothing arrive as what they are', async () => {
  const { rows } = await client.query<object>(
    'select $1::int4[] as n, $2::bool[] as b, $3::int2[] as empty',
    [arrayText([1, null, -2_147_483_648]), arrayText([true, false, null]), arrayText([])],
  );
  expect(rows).toEqual([{ n: [1, null, -2_147_483_648], b: [true, false, null], empty: [] }]);
});
