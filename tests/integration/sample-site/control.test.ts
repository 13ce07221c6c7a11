import { describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { controlRoutes } from '../../../src/sample-site/control/control-routes.ts';
import { idsOf, listOf, serveSite, type Served } from './serve-site.ts';

const ID = '2200000012';

describe('the control routes', () => {
  test('are all named by their help', async () => {
    const { get, origin } = await serveSite();

    const { text } = await get(`${origin}/-/help`);

    for (const { path, summary } of controlRoutes) {
      expect(text).toContain(path);
      expect(text).toContain(summary);
    }
    expect(text).toContain('rate_limit');
    expect(text).toContain('nul_in_body');
  });

  test('edit pages as the methods do', async () => {
    const served = await serveSite({ pages: 200 });

    await post(served, `/-/edit/${ID}`, '<p>by hand</p>');
    await post(served, `/-/rename/${ID}?title=By%20hand`);
    await post(served, `/-/move-to-space/${ID}?space=HR`);
    await post(served, `/-/archive/${ID}`);

    const { json } = await served.get(`${served.origin}/-/pages/${ID}`);
    expect(json).toMatchObject({
      title: 'By hand',
      storage: '<p>by hand</p>',
      status: 'archived',
      spaceKey: 'HR',
    });
  });

  test('create, poison, trash and purge', async () => {
    const served = await serveSite();

    const created = await post(served, '/-/create?space=ENG&title=Made', '<p>made</p>');
    const poisoned = await post(served, `/-/poison/${ID}?kind=huge_body&bytes=5000`);
    await post(served, '/-/trash/2200000001');
    await post(served, '/-/purge/2200000001');

    const id = String(created.json['id']);
    expect(created.status).toBe(201);
    expect((await served.get(`/api/v2/pages/${id}`)).json['title']).toBe('Made');
    expect(poisoned.status).toBe(200);
    expect((await served.get(`/api/v2/pages/${ID}?body-format=storage`)).text.length).toBeGreaterThan(5_000);
    expect((await served.get('/api/v2/pages/2200000001')).status).toBe(404);
  });

  test('list live pages behind any id', async () => {
    const { get, origin, site } = await serveSite();
    const all = Array.from(site.pages(), ({ id }) => id);

    const { json } = await get(`${origin}/-/pages?limit=5&after=${all[9] ?? ''}`);

    expect(idsOf(listOf(json))).toEqual(all.slice(10, 15));
  });

  test('put faults in force and lift them', async () => {
    const served = await serveSite();

    const added = await post(served, '/-/faults?fault=unavailable:count=5');
    const struck = await served.get('/api/v2/pages');
    const listed = await served.get(`${served.origin}/-/faults`);
    const removed = await served.get(`${served.origin}/-/faults/${String(added.json['id'])}`, {
      method: 'DELETE',
    });

    expect(struck.status).toBe(503);
    expect(listed.json['active']?.[0]).toMatchObject({ struck: 1, spec: { name: 'unavailable' } });
    expect(removed.json['removed']).toBe(1);
    expect((await served.get('/api/v2/pages')).status).toBe(200);
    expect((await post(served, '/-/faults?fault=nonsense')).status).toBe(400);
  });

  test('tell what was asked of the site', async () => {
    const { get, origin, site } = await serveSite();
    await get('/api/v2/pages?limit=1', { headers: { authorization: 'Bearer x' } });
    await get('/api/v2/pages/1');

    const { json } = await get(`${origin}/-/requests`);

    expect(json).toMatchObject([
      { method: 'GET', path: '/wiki/api/v2/pages', query: 'limit=1', status: 200, authorization: 'bearer' },
      { method: 'GET', path: '/wiki/api/v2/pages/1', query: '', status: 404, authorization: 'none' },
    ]);
    expect(site.requests).toHaveLength(2);
  });

  test('say of a page that is not there that it is not there', async () => {
    const served = await serveSite();

    const { status, json } = await post(served, '/-/edit/1');

    expect(status).toBe(404);
    expect(json['error']).toContain('1');
  });

  test('answer nobody who came by another name or from another page', async () => {
    const served = await serveSite();

    expect(await statusFor(served, { host: 'evil.example' })).toBe(403);
    expect(await statusFor(served, { origin: 'http://evil.example' })).toBe(403);
    expect(await statusFor(served, {})).toBe(200);
  });
});

async function post({ get, origin }: Served, path: string, body = ''): ReturnType<Served['get']> {
  return get(`${origin}${path}`, { method: 'POST', body });
}

function statusFor({ origin }: Served, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}/-/trash/${ID}`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}
