import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findBreaches, type SourceText } from './architecture/find-breaches.ts';
import { exceptions, layers } from './architecture/law.ts';
import { roomOf } from './architecture/room-of.ts';

const root = join(import.meta.dirname, '..');
const sources = readSources();

test('the rooms keep their law: main -> cli -> adapters -> sync -> content -> nothing', () => {
  expect(findBreaches(sources)).toEqual([]);
});

test('the law was held against files of every room that has any', () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(
    [...new Set(sources.map(({ path }) => roomOf(path)))].filter((room) => !layers.flat().includes(room)),
  ).toEqual([]);
  expect(sources.map(({ path }) => path)).toContain('src/sync/page.ts');
});

test('every exception is still needed', () => {
  const needed = Object.keys(exceptions).filter((key) => {
    const [path = '', name = ''] = key.split(' ');
    const text = sources.find((source) => source.path === path)?.text ?? '';
    return text.includes(name);
  });

  expect(needed).toEqual(Object.keys(exceptions));
});

test.each([
  ['src/sync/x.ts', "import { Kysely } from 'kysely';", 'kysely', 'kysely is used only in postgres'],
  ['src/sync/x.ts', "import type { Pool } from 'pg';", 'pg', 'pg is used only in postgres'],
  ['src/sync/x.ts', "import { z } from 'zod';", 'zod', 'zod is used only in'],
  [
    'src/sync/x.ts',
    "export { y } from '../confluence/y.ts';",
    '../confluence/y.ts',
    'sync never sees confluence',
  ],
  ['src/sync/x.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises', 'sync does no I/O'],
  [
    'src/content/x.ts',
    "import type { PageHead } from '../sync/page.ts';",
    '../sync/page.ts',
    'content never sees sync',
  ],
  [
    'src/content/x.ts',
    "type A = import('../sync/page.ts').PageHead;",
    '../sync/page.ts',
    'content never sees sync',
  ],
  [
    'src/confluence/x.ts',
    "import { y } from '../postgres/y.ts';",
    '../postgres/y.ts',
    'confluence and postgres are siblings',
  ],
  [
    'src/worker/a/x.ts',
    "const y = await import('../../server/y.ts');",
    '../../server/y.ts',
    'worker and server are siblings',
  ],
  ['src/postgres/x.ts', "import axios from 'axios';", 'axios', 'axios is used only in confluence'],
  [
    'src/postgres/x.ts',
    "import('axios/unsafe/core.js');",
    'axios/unsafe/core.js',
    'axios is used only in confluence',
  ],
  [
    'src/cli/x.ts',
    "import { PGlite } from '@electric-sql/pglite/live';",
    '@electric-sql/pglite/live',
    '@electric-sql/pglite is used only',
  ],
  ['src/cli/x.ts', "import { main } from '../main.ts';", '../main.ts', 'cli never sees main'],
  [
    'src/server/x.ts',
    "import { y } from '../../tests/y.ts';",
    '../../tests/y.ts',
    'src uses nothing of the repository but src',
  ],
  ['src/server/x.ts', "import express from 'express';", 'express', 'express has no room'],
  [
    'src/server/x.ts',
    'const name = "pg"; await import(name);',
    '?',
    'an import names its module as a string',
  ],
  ['src/server/x.ts', "import fs from 'fs';", 'fs', 'a part of Node is imported as node:fs'],
  [
    'src/server/x.ts',
    "import { env } from 'node:process';",
    'node:process',
    'node:process is used only in main and cli',
  ],
  [
    'src/worker/x.ts',
    "import { setTimeout } from 'node:timers/promises';",
    'node:timers/promises',
    'node:timers/promises is used only',
  ],
  ['src/attic/x.ts', "import { y } from './y.ts';", './y.ts', 'src/attic/x.ts stands in no room'],
  ['src/worker/x.ts', 'const a = process.env;', 'process', 'process appears only in main and cli'],
  ['src/worker/x.ts', 'const { env } = globalThis.process;', 'process', 'process appears only in'],
  ['src/worker/x.ts', "const a = globalThis['process'].env;", 'process', 'process appears only in'],
  ['src/worker/x.ts', 'const parts = { process };', 'process', 'process appears only in'],
  [
    'src/worker/x.ts',
    'function f(at = process.uptime()) { return at; }',
    'process',
    'process appears only in',
  ],
  ['src/sync/x.ts', 'console.log(1);', 'console', 'console appears only in'],
  ['src/sync/x.ts', 'const a = new Date();', 'new Date()', 'new Date() appears only in'],
  ['src/sync/x.ts', 'const a = new Date;', 'new Date()', 'new Date() appears only in'],
  ['src/sync/x.ts', 'const a = Date();', 'new Date()', 'new Date() appears only in'],
  ['src/sync/x.ts', 'const now = Date.now;', 'Date.now', 'Date.now appears only in'],
  ['src/sync/x.ts', 'const a = Math.random();', 'Math.random', 'Math.random appears only in'],
  ['src/sync/x.ts', 'const a = performance.now();', 'performance', 'performance appears only in'],
  [
    'src/sync/x.ts',
    'await new Promise((done) => setTimeout(done, 1));',
    'setTimeout',
    'setTimeout appears only in',
  ],
])('%s may not say: %s', (path, text, found, law) => {
  const breaches = findBreaches([{ path, text: `// one line above\n${text}` }]);

  expect(breaches).toHaveLength(1);
  expect(breaches[0]).toMatchObject({ place: `${path}:2`, found });
  expect(breaches[0]?.law).toContain(law);
});

test.each([
  [
    'src/main.ts',
    "import { run } from './cli/run.ts'; import { connect } from './postgres/connect.ts'; process.exit(1);",
  ],
  [
    'src/cli/x.ts',
    "import { load } from '../postgres/load.ts'; import { page } from '../content/page.ts'; console.log(new Date());",
  ],
  [
    'src/postgres/x.ts',
    "import type { PageStore } from '../sync/store.ts'; import { sql } from 'kysely'; import { y } from './y.ts';",
  ],
  ['src/confluence/x.ts', "import { hash } from '../content/hash.ts'; import { Agent } from 'node:https';"],
  ['src/sync/x.ts', "import { hash } from '../content/hash.ts'; import { createHash } from 'node:crypto';"],
  [
    'src/sync/x.ts',
    'const a = new Date(row.at); type T = ReturnType<typeof setTimeout>; clock.process(); a.console = 1;',
  ],
  [
    'src/sync/x.ts',
    'const rules = { process: 1, console() {} }; function f(setTimeout: () => void) { setTimeout(); }',
  ],
])('%s may say: %s', (path, text) => {
  expect(findBreaches([{ path, text }])).toEqual([]);
});

function readSources(): readonly SourceText[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return names.map((name) => ({
    path: `src/${name.replaceAll('\\', '/')}`,
    text: readFileSync(join(root, 'src', name), 'utf8'),
  }));
}
