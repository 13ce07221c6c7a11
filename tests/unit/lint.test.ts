import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const eslint = new ESLint({ cwd: root });
const head = "import type { Kysely } from 'kysely';\n\ntype Tables = { pages: { id: string } };\n\n";

test('a query that nobody awaits is an error', async () => {
  const rules = await lint(`${head}export async function forget(db: Kysely<Tables>): Promise<void> {
  await Promise.resolve();
  db.deleteFrom('pages').execute();
}
`);

  expect(rules).toEqual(['@typescript-eslint/no-floating-promises']);
});

test('a query that is awaited is none', async () => {
  const rules = await lint(`${head}export async function forget(db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('pages').execute();
}
`);

  expect(rules).toEqual([]);
});

/** Lints the text in place of a file that exists: types are known only for files of the project. */
async function lint(text: string): Promise<readonly (string | null)[]> {
  const results = await eslint.lintText(text, { filePath: join(root, 'src', 'sync', 'ambient.ts') });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}
