import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import { poisonKinds, type PoisonKind } from '../../../src/sample-site/poison/poison-kinds.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { mirroredPages, query, syncMirror, truthOf } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';

const PAGES = 10_000;
const POISONED = 37;
const KINDS: readonly PoisonKind[] = [
  'nul_in_body',
  'nul_in_title',
  'lone_surrogate',
  'long_title',
  'ancient_date',
  'huge_body',
  'deep_nesting',
  'malformed_body',
  'unknown_fields',
  'version_overflow',
  'negative_version',
  'missing_version',
  'null_version',
  'bad_date',
  'null_body',
  'missing_body',
  'deep_json',
  'missing_title',
  'object_title',
  'unknown_status',
];
/** Above the limit of this run. */
const REFUSED = new Set(KINDS.filter((kind) => poisonKinds[kind].refusable || kind === 'huge_body'));
const SEED = Number(process.env['POISON_SEED'] ?? 20_260_319);

function poisonSome(site: SampleSite): Map<string, PoisonKind> {
  const ids = truthOf(site)
    .filter((page) => page.status === 'current')
    .map((page) => page.id);
  const poisoned = new Map<string, PoisonKind>();
  let state = SEED;
  while (poisoned.size < POISONED) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const id = ids[state % ids.length] ?? '';
    const kind = KINDS[poisoned.size % KINDS.length] ?? 'null_body';
    if (poisoned.has(id)) continue;
    poisoned.set(id, kind);
    site.edit.poison(id, kind);
  }
  return poisoned;
}

type Failure = { page_id: string; code: string; message: string };

async function onPglite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'confluence-sync-poison-'));
  return { url: `pglite:${folder}/mirror`, drop: () => rm(folder, { recursive: true, force: true }) };
}

describe.each([
  ['PostgreSQL', createTestDatabase],
  ['PGlite', onPglite],
])('on %s', (_name, open) => {
  let site: SampleSite;
  let database: TestDatabase;
  let baseUrl: string;

  beforeAll(async () => {
    database = await open();
    site = createSampleSite({
      deployment: 'cloud',
      pages: PAGES,
      spaces: 8,
      bodyBytes: 600,
      clock: databaseParts.clock,
    });
    baseUrl = (await site.listen(0)).url;
  });
  afterAll(async () => {
    await site.close();
    await database.drop();
  });

  test(`exactly the bad ones of ${PAGES} pages end in quarantine, and leave it once healed (seed ${SEED})`, async () => {
    const poisoned = poisonSome(site);
    const refused = [...poisoned].filter(([, kind]) => REFUSED.has(kind));

    const { report, error } = await syncMirror({ baseUrl, databaseUrl: database.url });
    const failures = await query<Failure>(
      database.url,
      'select page_id, code, message from confluence_sync_failures',
    );
    const [{ count } = { count: 0 }] = await query<{ count: number }>(
      database.url,
      'select count(*)::int as count from confluence_pages join confluence_page_bodies on page_id = id',
    );

    expect(error).toBeNull();
    expect(failures.map(({ page_id: id }) => id).sort()).toEqual(refused.map(([id]) => id).sort());
    for (const { page_id: id, code, message } of failures) {
      expect(code).toMatch(/^[a-z0-9_]{3,}$|^[0-9A-Z]{5}$/);
      expect(message).toContain(id);
    }
    expect(report).toMatchObject({
      outcome: 'partial',
      counts: { created: PAGES - refused.length, failed: refused.length },
    });
    expect(count).toBe(PAGES - refused.length);

    for (const id of poisoned.keys()) site.edit.heal(id);
    const healed = await syncMirror({ baseUrl, databaseUrl: database.url });

    expect(healed.report).toMatchObject({
      outcome: 'succeeded',
      counts: { created: refused.length, failed: 0 },
    });
    expect(await query(database.url, 'select page_id from confluence_sync_failures')).toEqual([]);
  }, 300_000);

  test('afterwards the table is what the site serves', async () => {
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
  });
});
