import { createGzip } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startEndlessSite, type EndlessSite } from '../../support/endless-site.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { startScriptedSite, type ScriptedSite, type SiteAnswer } from '../../support/scripted-site.ts';
import { buildProgram, type BuiltProgram, type WatchedRun } from '../../support/watched-cli.ts';
import { cloudPage, cloudPages, cloudSite } from '../../unit/confluence/cloud-site.ts';

const MOST_MB = 300;
const MEGABYTE = 1_000_000;
/** What is kept cannot grow with the pages where the heap has no room for it. */
const SMALL_HEAP = '--max-old-space-size=96';

let program: BuiltProgram;
let database: TestDatabase;
const sites: (EndlessSite | ScriptedSite)[] = [];

beforeAll(() => {
  program = buildProgram();
}, 120_000);
afterAll(() => {
  program.remove();
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
  await database.drop();
});

async function sync(url: string, environment: Record<string, string>, ...options: string[]) {
  return await program.run(['sync', '--json', '--mode', 'full', ...options], {
    CONFLUENCE_BASE_URL: url,
    CONFLUENCE_ACCESS_TOKEN: 'memory-token',
    DATABASE_URL: database.url,
    ...environment,
  });
}

async function list(deployment: EndlessDeployment, pages: number, nodeOptions = ''): Promise<WatchedRun> {
  const site = await startEndlessSite({ deployment, pages });
  sites.push(site);
  const run = await sync(site.url, { NODE_OPTIONS: nodeOptions }, '--dry-run');
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(JSON.parse(run.stdout)).toMatchObject({ counts: { listed: pages, created: pages } });
  return run;
}

type EndlessDeployment = 'cloud' | 'datacenter';
const deployments: readonly EndlessDeployment[] = ['cloud', 'datacenter'];

test.each(deployments)(
  'listing 100,000 pages of a %s site stays under 300 MB, and twice the pages take no more',
  async (deployment) => {
    const free = await list(deployment, 100_000);
    const half = await list(deployment, 25_000, SMALL_HEAP);
    const whole = await list(deployment, 50_000, SMALL_HEAP);

    expect(free.peakMb).toBeLessThan(MOST_MB);
    expect(whole.peakMb - half.peakMb).toBeLessThan(15);
  },
  300_000,
);

/** A space of a good page and one that is hostile, alone and in every list with bodies. */
async function hostileSite(answer: SiteAnswer): Promise<ScriptedSite> {
  const rows = [cloudPage(1), cloudPage(2)];
  const pages = cloudPages(rows);
  const without = rows.map((row) => ({ ...row, body: {} }));
  const site = await startScriptedSite(
    cloudSite({
      ...pages,
      '/wiki/api/v2/spaces/98308/pages': (asked) =>
        asked.query.has('body-format') ? answer : { json: { results: without, _links: {} } },
      '/wiki/api/v2/pages': (asked) =>
        asked.query.get('id') === '1' || !asked.query.has('body-format')
          ? (pages['/wiki/api/v2/pages']?.(asked) ?? answer)
          : answer,
      '/wiki/api/v2/pages/2': () => answer,
    }),
  );
  sites.push(site);
  return site;
}

/** 200 MB of JSON in 200 KB. */
async function bomb(): Promise<SiteAnswer> {
  const parts = function* () {
    yield '{"results":[{"id":"2","title":"';
    for (let megabytes = 0; megabytes < 200; megabytes++) yield 'a'.repeat(MEGABYTE);
    yield '"}]}';
  };
  const body = await buffer(Readable.from(parts()).pipe(createGzip({ level: 9 })));
  expect(body.byteLength).toBeLessThan(250_000);
  return { body, headers: { 'content-encoding': 'gzip' } };
}

/** A page of 100 MB, sent as it is. */
function hugePage(): Promise<SiteAnswer> {
  const row = cloudPage(2, 'a'.repeat(100 * MEGABYTE));
  return Promise.resolve({ body: Buffer.from(JSON.stringify({ ...row, results: [row] })) });
}

test.each([
  ['a decompression bomb of 200 MB', bomb],
  ['a page of 100 MB', hugePage],
])(
  '%s stays under 300 MB, is put into quarantine, and the other page is stored',
  async (_name, make) => {
    const site = await hostileSite(await make());

    const run = await sync(`${site.origin}/wiki`, {
      CONFLUENCE_DEPLOYMENT: 'cloud',
      QUARANTINE_MAX_SHARE: '1',
    });

    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({ counts: { listed: 2, created: 1, failed: 1 } });
    expect(run.peakMb).toBeLessThan(MOST_MB);
  },
  300_000,
);
