import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { faults, type FaultName } from '../../../src/sample-site/faults/faults.ts';
import type { Deployment } from '../../../src/sample-site/sample-site.ts';
import { startCli, type CliProcess } from '../../support/run-cli.ts';

type Heard = Readonly<{
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  broken: string;
}>;
type Ask = (path: string) => Promise<Heard>;
type Look = (ask: Ask, marker: string) => Promise<unknown>;
type Drill = Readonly<{ with?: string; ask?: Look }>;

const NAMES = Object.keys(faults) as FaultName[];
const PATIENCE_MS = 1_500;

/** A word that stands for a fault, as long as any other, so that answers which repeat it differ in nothing else. */
const wordOf = (name: FaultName | null): string =>
  `drill${String(name === null ? 0 : NAMES.indexOf(name) + 1).padStart(3, '0')}`;
const markerOf = (name: FaultName | null): string => `&why=${wordOf(name)}`;

/** Paths that each deployment answers at length. */
const PATHS = {
  cloud: {
    list: '/wiki/api/v2/pages?limit=20&body-format=storage',
    user: '/wiki/rest/api/user/current?a=b',
    search: '/wiki/rest/api/content/search?limit=20',
  },
  datacenter: {
    list: '/rest/api/content?limit=20&expand=body.storage,version',
    user: '/rest/api/user/current?a=b',
    search: '/rest/api/content/search?limit=20',
  },
} as const;

/** What strikes only later, elsewhere or by chance unless told, and where it shows. */
function drillOf(name: FaultName, deployment: Deployment): Drill {
  const paths = PATHS[deployment];
  const since = (time: string): string =>
    `&cql=${encodeURIComponent(`type = page and lastmodified >= "${time}" order by created`)}`;
  const on =
    (path: string): Look =>
    async (ask, marker) =>
      shown(await ask(`${path}${marker}`));
  const drills: Partial<Record<FaultName, Drill>> = {
    sporadic_403: { with: ',probability=1' },
    sporadic_404: { with: ',probability=1' },
    server_error_burst: { with: ',every=1,length=1' },
    large_limit_fails: { with: ',limit=19' },
    killer_page: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    token_revoked: { with: ',after=0' },
    identity_changes: { with: ',after=0', ask: on(paths.user) },
    anonymous: { ask: on(paths.user) },
    other_identity: { ask: on(paths.user) },
    scoped_token: {},
    short_tokens: {
      ask: async (_ask, marker) => (await grant(`/oauth/token?${marker.slice(1)}`)).expires_in,
    },
    forbidden_space: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    space_refused: {
      ask: async (ask, marker) => {
        const space = deployment === 'cloud' ? '/wiki/api/v2/spaces/2147483971/pages?limit=5' : '';
        const key = '/rest/api/content?limit=5&spaceKey=HR';
        return shown(await ask(`${space || key}${marker}`));
      },
    },
    cql_zone: {
      ask: on(`${paths.search}${since(`2024/01/08 ${deployment === 'cloud' ? '00' : '12'}:00`)}`),
    },
    index_lag: { with: ',seconds=999999999', ask: on(`${paths.search}${since('2020/01/01 10:30')}`) },
    cursor_circle: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    stale_duplicate: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    cursor_loop: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    wrong_base: {},
    deletion_mid_walk: { ask: twice(paths.list) },
    vanishing_page: { ask: twice(paths.list) },
    edit_mid_walk: { ask: twice(paths.list) },
    move_mid_walk: {
      with: ',pages=1',
      ask: async (ask, marker) => {
        await ask(`${paths.list}${marker}`);
        return await walk(ask, paths.list.replace('limit=20', 'limit=50'), marker);
      },
    },
    decompression_bomb: { with: ',bytes=3000000' },
    huge_answer: { with: ',bytes=3000000' },
    chained_encodings: { with: ',links=20' },
    slow_answer: { with: ',delay_ms=9000' },
    poison: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    inline_comment: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
    version_back: { ask: async (ask, marker) => walk(ask, paths.list, marker) },
  };
  return drills[name] ?? {};
}

describe.each(['cloud', 'datacenter'] as const)('on a real %s process', (deployment) => {
  const possible = NAMES.filter(
    (name) => faults[name].only === undefined || faults[name].only === deployment,
  );
  let cli: CliProcess;
  let origin = '';

  beforeAll(async () => {
    // Each fault strikes only requests that carry its name.
    const told = possible.flatMap((name) => [
      '--fault',
      `${name}:path=${wordOf(name)}${drillOf(name, deployment).with ?? ''}`,
    ]);
    cli = startCli(['sample-site', '--port', '0', '--pages', '200', '--deployment', deployment, ...told], {});
    origin = await new Promise<string>((resolve, reject) => {
      cli.child.stdout?.on('data', (text: Buffer | string) => {
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(text)) ?? [];
        if (url !== undefined) resolve(url);
      });
      void cli.ended.then(({ stderr }) => {
        reject(new Error(stderr));
      });
    });
    setOrigin(origin);
  }, 30_000);

  afterAll(async () => {
    cli.child.kill('SIGTERM');
    await cli.ended;
  });

  test.each(possible)('%s, asked for by name, does something', async (name) => {
    setOrigin(origin);
    const ask: Ask = async (path) => await hear(`${origin}${path}`);
    const usual: Look = async (asking, marker) => shown(await asking(`${PATHS[deployment].list}${marker}`));
    const look = drillOf(name, deployment).ask ?? usual;

    const well = await look(ask, markerOf(null));
    const again = await look(ask, markerOf(null));
    const struck = await look(ask, markerOf(name));

    expect(again).toEqual(well);
    expect(JSON.stringify(struck).replaceAll(wordOf(name), wordOf(null))).not.toBe(JSON.stringify(well));
  });
});

/** What of an answer has to be the same each time. */
function shown({ status, headers, bytes, broken }: Heard): unknown {
  const { date, ...steady } = headers;
  const early = date === undefined || Math.abs(Date.parse(date) - Date.now()) < 60_000;
  return {
    status,
    headers: steady,
    text: bytes.toString('latin1').slice(0, 100_000),
    broken,
    early,
  };
}

function twice(path: string): Look {
  return async (ask, marker) =>
    [shown(await ask(`${path}${marker}`)), shown(await ask(`${path}${marker}`))][1];
}

/** Follows `next` to the end, or as far as nobody should go. */
async function walk(ask: Ask, path: string, marker: string): Promise<unknown> {
  const seen: unknown[] = [];
  let next: string | undefined = `${path}${marker}`;
  for (let parts = 0; next !== undefined && parts < 14; parts++) {
    const heard: Heard = await ask(next);
    seen.push(shown(heard));
    next = /"next":"([^"]*)"/.exec(heard.bytes.toString())?.[1];
  }
  return seen;
}

let tokenOrigin = '';
function setOrigin(origin: string): void {
  tokenOrigin = origin;
}

async function grant(path: string): Promise<{ expires_in: number }> {
  const body = '{"grant_type":"client_credentials","client_id":"a","client_secret":"b"}';
  const response = await fetch(`${tokenOrigin}${path}`, { method: 'POST', body });
  return (await response.json()) as { expires_in: number };
}

/** Asks once, as a user, and takes the bytes as they come. */
function hear(url: string): Promise<Heard> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let [status, headers]: [number, IncomingHttpHeaders] = [0, {}];
    const end = (broken: string): void => {
      resolve({ status, headers, bytes: Buffer.concat(chunks), broken });
    };
    const authorization = `Basic ${Buffer.from('me@example.com:secret').toString('base64')}`;
    const request = httpGet(url, { headers: { authorization }, agent: false }, (response) => {
      [status, headers] = [response.statusCode ?? 0, response.headers];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        end('');
      });
      response.on('error', (error) => {
        end(error.message);
      });
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error('no patience')));
    request.on('error', (error) => {
      end(error.message);
    });
    setTimeout(() => request.destroy(new Error('too long')), 2_000).unref();
  });
}
