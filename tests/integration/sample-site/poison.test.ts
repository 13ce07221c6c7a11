import { describe, expect, test } from '@jest/globals';
import { poisonKinds, type PoisonKind } from '../../../src/sample-site/poison/poison-kinds.ts';
import { listOf, serveSite } from './serve-site.ts';

const ID = '2200000012';
const KINDS = Object.keys(poisonKinds) as PoisonKind[];

describe('a poisoned page', () => {
  test.each(KINDS)('of kind %s spoils its own row and no other, on both deployments', async (kind) => {
    const cloud = await serveSite({ pages: 40 });
    const dc = await serveSite({ pages: 40, deployment: 'datacenter' });
    const paths = [
      [cloud, '/api/v2/pages?limit=250&body-format=storage'],
      [dc, '/rest/api/content/scan?limit=50&expand=body.storage,version,space'],
    ] as const;

    for (const [served, path] of paths) {
      const before = listOf((await served.get(path)).json['results']).map((row) => JSON.stringify(row));
      served.site.edit.poison(ID, kind, { bytes: 100_000, depth: 900 });
      const { status, json } = await served.get(path);
      const after = listOf(json['results']).map((row) => JSON.stringify(row));

      expect(status).toBe(200);
      expect(after).toHaveLength(40);
      expect(after.filter((row, at) => row !== before[at])).toHaveLength(1);
      expect(after[3]).not.toBe(before[3]);
    }
  });

  test('can be nested far deeper than a stack goes', async () => {
    const { get, site } = await serveSite();
    site.edit.poison(ID, 'deep_json');

    const { text } = await get(`/api/v2/pages/${ID}?body-format=storage`);

    expect(text).toContain('['.repeat(200_000));
  });

  test('can have an id that no JavaScript number holds', async () => {
    const { get, site } = await serveSite();
    const id = Array.from(site.pages(), (page) => page.id).find((one) => String(Number(one)) !== one) ?? '';
    site.edit.poison(id, 'number_id');

    const { text } = await get(`/api/v2/pages/${id}`);

    expect(id).not.toBe('');
    expect(text).toContain(`"id":${id}`);
  });

  test('can have a body of twenty megabytes', async () => {
    const { get, site } = await serveSite();
    site.edit.poison(ID, 'huge_body');

    const { text } = await get(`/api/v2/pages/${ID}?body-format=storage`);

    expect(text.length).toBeGreaterThan(20 * 1024 * 1024);
  });
});
