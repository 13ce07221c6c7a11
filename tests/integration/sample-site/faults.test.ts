import { describe, expect, test } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { get as httpGet } from 'node:http';
import { idsOf, listOf, serveSite, textOf, walkCloud, type Served } from './serve-site.ts';

const PAGES = '/api/v2/pages?limit=20';

describe('faults that answer instead', () => {
  test('rate_limit says how long to wait, in every way there is', async () => {
    const served = await serveSite();
    const retryAfter = async (fault: string): Promise<string | null> => {
      served.site.faults.clear();
      served.site.faults.add(fault);
      const { status, headers } = await served.get(PAGES);
      expect(status).toBe(429);
      expect(headers.get('ratelimit-reason')).toBe('confluence-quota-global-based');
      return headers.get('retry-after');
    };

    expect(await retryAfter('rate_limit:retry_after=7')).toBe('7');
    expect(await retryAfter('rate_limit:retry_after=missing')).toBeNull();
    expect(await retryAfter('rate_limit:retry_after=soon')).toBe('soon');
    const date = Date.parse((await retryAfter('rate_limit:retry_after=date,seconds=90')) ?? '');
    expect(Math.abs(date - Date.now() - 90_000)).toBeLessThan(5_000);
  });

  test.each([
    ['unavailable', 503, 'text/html'],
    ['server_error', 500, 'application/json'],
    ['server_error:status=504', 504, 'application/json'],
    ['login_page', 200, 'text/html'],
    ['redirect', 302, 'text/html'],
    ['unauthorized', 401, 'text/html'],
    ['revoked', 404, 'application/json'],
    ['forbidden', 403, 'application/json'],
    ['captcha', 403, 'text/html'],
    ['not_found_storm', 404, 'application/json'],
    ['absent', 404, 'text/html'],
  ])('%s answers with %i as %s', async (fault, status, type) => {
    const { get } = await serveSite({ faults: [`${fault}${fault.includes(':') ? ',' : ':'}count=1`] });

    const struck = await get(PAGES);
    const next = await get(PAGES);

    expect(struck.status).toBe(status);
    expect(struck.headers.get('content-type')).toContain(type);
    expect(struck.text).not.toContain('2200000001');
    expect(next.status).toBe(200);
  });

  test('redirect names the place to go to, and captcha its reason', async () => {
    const { get, site } = await serveSite({ faults: ['redirect:to=https://login.example:8443/in'] });

    expect((await get(PAGES)).headers.get('location')).toBe('https://login.example:8443/in');
    site.faults.clear();
    site.faults.add('captcha');
    expect((await get(PAGES)).headers.get('x-seraph-loginreason')).toBe('AUTHENTICATION_DENIED');
  });

  test('strike only where they are told to', async () => {
    const { get, site } = await serveSite({ faults: ['unavailable:path=/spaces,nth=2'] });

    const statuses = [
      await get('/api/v2/spaces'),
      await get(PAGES),
      await get('/api/v2/spaces'),
      await get('/api/v2/spaces'),
    ];

    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 503, 200]);
    expect(site.requests.map((record) => record.faults)).toEqual([[], [], ['unavailable'], []]);
  });
});

describe('faults in what is seen', () => {
  test('forbidden_space leaves a space out of every list and answers 404 by id', async () => {
    const served = await serveSite({ pages: 200 });
    const space = served.site.spaces()[2];
    const hidden = [...served.site.pages()].filter(({ spaceKey }) => spaceKey === space?.key);
    served.site.faults.add({ name: 'forbidden_space', space: space?.key ?? '' });

    const ids = new Set(idsOf(await walkCloud(served, PAGES)));

    expect(hidden.length).toBeGreaterThan(20);
    expect(hidden.some(({ id }) => ids.has(id))).toBe(false);
    expect(ids.size).toBe(200 - hidden.length);
    expect((await served.get(`/api/v2/spaces/${space?.id ?? ''}/pages`)).status).toBe(404);
    expect((await served.get(`/api/v2/pages/${hidden[0]?.id ?? ''}`)).status).toBe(404);
    expect(listOf((await served.get('/api/v2/spaces')).json['results'])).toHaveLength(3);
  });

  test('anonymous and other_identity change who asks', async () => {
    const { get, site } = await serveSite();
    const me = { headers: { authorization: 'Bearer token' } };

    site.faults.add('anonymous');
    const nobody = await get('/rest/api/user/current', me);
    const seen = await get(PAGES, me);
    site.faults.clear();
    site.faults.add('other_identity');
    const other = await get('/rest/api/user/current', me);

    expect(nobody.json['type']).toBe('anonymous');
    expect(seen.json['results']).toHaveLength(20);
    expect(other.json['displayName']).toBe('somebody-else');
  });

  test('seraph_failed answers 200 with nothing in it', async () => {
    const served = await serveSite({ deployment: 'datacenter', faults: ['seraph_failed'] });

    for (const path of ['/rest/api/content', '/rest/api/space', '/rest/api/content/2200000001']) {
      const { status, json, headers } = await served.get(path);
      expect(status).toBe(200);
      expect(json['results']).toEqual([]);
      expect(headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    }
  });

  test('capped_limit gives fewer rows and loses none, unless `next` is wrong as well', async () => {
    const served = await serveSite({ faults: ['capped_limit:limit=6'] });
    const dc = await serveSite({
      deployment: 'datacenter',
      faults: ['capped_limit:limit=6,wrong_start=true'],
    });

    const first = await served.get(PAGES);
    const wrong = await dc.get('/rest/api/content?limit=20');

    expect(first.json['results']).toHaveLength(6);
    expect(await walkCloud(served, PAGES)).toHaveLength(120);
    expect(wrong.json).toMatchObject({ limit: 6, size: 6 });
    expect(wrong.json['_links']?.['next']).toContain('start=20');
  });
});

describe('faults in lists', () => {
  test('listing_cut ends a listing in body, header and cursor though more exists', async () => {
    const cloud = await serveSite({ faults: ['listing_cut:nth=2'] });
    const dc = await serveSite({ deployment: 'datacenter', faults: ['listing_cut'] });

    expect(await walkCloud(cloud, PAGES)).toHaveLength(40);
    const { json } = await dc.get('/rest/api/content/scan?limit=5');
    expect(json['_links']).not.toHaveProperty('next');
    expect(json).not.toHaveProperty('nextCursor');
    cloud.site.faults.clear();
    cloud.site.faults.add('listing_cut');
    expect((await cloud.get(PAGES)).headers.get('link')).not.toContain('rel="next"');
  });

  test.each([
    ['cloud', '/api/v2/pages?limit=5'],
    ['datacenter', '/rest/api/content/scan?limit=5'],
    ['datacenter', '/rest/api/content?limit=5'],
  ] as const)('cursor_loop on %s gives the same page of %s for ever', async (deployment, path) => {
    const { get, url, origin } = await serveSite({ deployment, faults: ['cursor_loop'] });
    const root = deployment === 'cloud' ? origin : url;
    const follow = async (from: string): Promise<[string, string[]]> => {
      const { json } = await get(from);
      return [`${root}${textOf(json['_links']?.['next']) ?? ''}`, idsOf(listOf(json['results']))];
    };

    const [second, firstRows] = await follow(path);
    const [third, secondRows] = await follow(second);
    const [, thirdRows] = await follow(third);

    expect(secondRows).not.toEqual(firstRows);
    expect(secondRows).toHaveLength(5);
    expect(thirdRows).toEqual(secondRows);
    for (const name of ['cursor', 'start']) {
      expect(new URL(third).searchParams.get(name)).toBe(new URL(second).searchParams.get(name));
    }
  });

  test.each([
    '/api/v2/pages?limit=50',
    '/api/v2/pages?limit=50&sort=-modified-date',
    '/api/v2/pages?limit=50&sort=title',
    '/api/v2/pages?limit=50&sort=-title',
  ])('empty_page_with_next loses no row of %s for whoever goes on', async (path) => {
    const served = await serveSite();
    const all = idsOf(await walkCloud(served, path));
    served.site.faults.add('empty_page_with_next:nth=1');
    served.site.faults.add('empty_page_with_next:nth=3');
    served.site.faults.add('empty_page_with_next:nth=4');
    const asked = served.site.requests.length;

    const rows = idsOf(await walkCloud(served, path));

    expect(rows).toEqual(all);
    const queries = served.site.requests.slice(asked).map(({ query }) => query);
    expect(new Set(queries).size).toBe(queries.length);
    expect(queries).toHaveLength(6);
  });

  test('empty_page_with_next works for scans too', async () => {
    const { get, url, site } = await serveSite({ deployment: 'datacenter' });
    site.faults.add('empty_page_with_next:nth=1');
    site.faults.add('empty_page_with_next:nth=3');
    const rows: string[] = [];
    for (let next: string | undefined = '/rest/api/content/scan?limit=50'; next !== undefined;) {
      const { json } = await get(`${url}${next}`);
      rows.push(...idsOf(listOf(json['results'])));
      next = textOf(json['_links']?.['next']);
    }

    expect(rows).toEqual(Array.from(site.pages(), ({ id }) => id));
    expect(site.requests).toHaveLength(5);
  });

  test.each([
    ['foreign_next:host=127.0.0.2:99', /^https:\/\/127\.0\.0\.2:99\/wiki\/api\/v2/],
    ['foreign_next:style=protocol', /^\/\/evil\.example\/wiki\/api\/v2/],
    ['foreign_next:style=userinfo', /^http:\/\/127\.0\.0\.1:\d+@evil\.example\/wiki\/api\/v2/],
  ])('%s points to another host', async (fault, expected) => {
    const { get } = await serveSite({ faults: [fault] });

    expect(textOf((await get(PAGES)).json['_links']?.['next'])).toMatch(expected);
  });

  test('duplicate_row, empty_listing and wrong_base do what they say', async () => {
    const { get, site } = await serveSite();

    site.faults.add('duplicate_row');
    const twice = idsOf(listOf((await get(PAGES)).json['results']));
    site.faults.clear();
    site.faults.add('empty_listing');
    const empty = (await get(PAGES)).json;
    site.faults.clear();
    site.faults.add('wrong_base:url=http://localhost:1/x');
    const wrong = (await get(PAGES)).json;

    expect(twice).toHaveLength(21);
    expect(twice[0]).toBe(twice[1]);
    expect(empty['results']).toEqual([]);
    expect(empty['_links']).not.toHaveProperty('next');
    expect(wrong['_links']?.['base']).toBe('http://localhost:1/x');
  });
});

describe('faults in delivery', () => {
  test.each(['reset_mid_body', 'reset_mid_body:bytes=0', 'short_body'])(
    '%s breaks the body off',
    async (fault) => {
      const { get, site } = await serveSite({
        faults: [`${fault}${fault.includes(':') ? ',' : ':'}count=1`],
      });

      await expect(get(PAGES)).rejects.toThrow();
      expect((await get(PAGES)).status).toBe(200);
      if (fault.startsWith('reset')) expect(site.requests[0]?.status).toBe(0);
    },
  );

  test('truncated_json ends cleanly and early', async () => {
    const { get } = await serveSite({ faults: ['truncated_json:bytes=50'] });

    const { status, text } = await get(PAGES);

    expect(status).toBe(200);
    expect(text).toHaveLength(50);
  });

  test('slow_body takes its time and arrives whole', async () => {
    const { get, site } = await serveSite();
    const whole = (await get(PAGES)).text;
    site.faults.add({ name: 'slow_body', chunk: Math.ceil(whole.length / 10), interval_ms: 30 });
    const before = performance.now();

    const { text } = await get(PAGES);

    expect(text).toBe(whole);
    expect(performance.now() - before).toBeGreaterThan(250);
  });

  test('slow_answer comes late and whole', async () => {
    const { get } = await serveSite({ faults: ['slow_answer:delay_ms=200'] });
    const before = performance.now();

    expect((await get(PAGES)).json['results']).toHaveLength(20);
    expect(performance.now() - before).toBeGreaterThan(190);
  });

  test('hang never answers, and holds up neither others nor the end', async () => {
    const { get, site } = await serveSite({ faults: ['hang:count=1'] });
    const hanging = get(PAGES, { signal: AbortSignal.timeout(300) });

    expect((await get(PAGES)).status).toBe(200);
    await expect(hanging).rejects.toThrow();
    expect(site.requests[0]?.status).toBe(0);
  });

  test('hang ends when the site closes', async () => {
    const { get, site } = await serveSite({ faults: ['hang'] });
    const hanging = expect(get(PAGES)).rejects.toThrow();
    while (site.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    await site.close();

    await hanging;
  });

  test('huge_answer is as large as told, and small on the wire when compressed', async () => {
    const served = await serveSite({ faults: ['huge_answer:bytes=3000000,gzip=true'] });

    const wire = await rawBytes(served, PAGES);

    expect(wire.length).toBeLessThan(20_000);
    expect(gunzipSync(wire).length).toBeGreaterThan(3_000_000);
    expect((await served.get(PAGES)).text.length).toBeGreaterThan(3_000_000);
  });

  test('gzip says the same in fewer bytes', async () => {
    const served = await serveSite();
    const plain = await served.get(PAGES);
    served.site.faults.add('gzip');

    expect((await served.get(PAGES)).text).toBe(plain.text);
    expect((await rawBytes(served, PAGES)).length).toBeLessThan(plain.text.length / 2);
  });

  test('invalid_utf8 puts in a byte that no text has', async () => {
    const served = await serveSite({ faults: ['invalid_utf8'] });

    const wire = await rawBytes(served, PAGES);

    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(wire)).toThrow();
  });
});

function rawBytes({ url }: Served, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    httpGet(`${url}${path}`, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks));
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}
