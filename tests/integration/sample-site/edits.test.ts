import { describe, expect, test } from '@jest/globals';
import { hashBody } from '../../../src/content/hash-body.ts';
import type { TruePage } from '../../../src/sample-site/sample-site.ts';
import { UnknownContent } from '../../../src/sample-site/state/unknown-content.ts';
import { serveSite, type Json, type Served } from './serve-site.ts';

const ID = '2200000012';

describe('an edit', () => {
  test('makes a new version with another body and a later time', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.edit(ID);
    const after = await page(served);
    served.site.edit.edit(ID, '<p>mine</p>');

    expect(numberOf(after)).toBe(numberOf(before) + 1);
    expect(bodyOf(after)).not.toBe(bodyOf(before));
    expect(timeOf(after)).toBeGreaterThan(timeOf(before));
    expect(bodyOf(await page(served))).toBe('<p>mine</p>');
  });

  test('of volatile markup makes a new version whose body differs and means the same', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.rewriteVolatile(ID);
    const after = await page(served);

    expect(numberOf(after)).toBe(numberOf(before) + 1);
    expect(bodyOf(after)).not.toBe(bodyOf(before));
    expect(hashBody(bodyOf(after))).toEqual(hashBody(bodyOf(before)));
  });

  test('by an inline comment changes the body and neither version nor time', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.markInlineComment(ID);
    const after = await page(served);

    expect(bodyOf(after)).toContain('ac:inline-comment-marker');
    expect(after['version']).toEqual(before['version']);
  });

  test('of the title makes a new version with another address', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.rename(ID, 'Another title');
    const after = await page(served);

    expect(numberOf(after)).toBe(numberOf(before) + 1);
    expect(after['title']).toBe('Another title');
    expect(after['_links']?.['webui']).toContain('Another+title');
  });

  test('that moves a page keeps id, version and time', async () => {
    const served = await serveSite({ pages: 200 });
    const before = await page(served);
    const space = served.site.spaces()[1];

    served.site.edit.moveToSpace(ID, space?.key ?? '');
    const after = await page(served);

    expect(after['spaceId']).toBe(space?.id);
    expect(after['parentId']).toBeNull();
    expect(after['version']).toEqual(before['version']);
    served.site.edit.move(ID, '2200000001');
    expect((await page(served))['parentId']).toBe('2200000001');
  });

  test('that takes a page to the trash and back keeps its id and version', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.trash(ID);
    const trashed = await page(served);
    served.site.edit.restore(ID);
    const restored = await page(served);

    expect(trashed['status']).toBe('trashed');
    expect(restored['status']).toBe('current');
    expect(restored['version']).toEqual(before['version']);
    expect(bodyOf(restored)).toBe(bodyOf(before));
  });

  test('that creates a page gives it the highest id and the first version', async () => {
    const served = await serveSite();

    const id = served.site.edit.create({
      spaceKey: 'ENG',
      title: 'Brand new',
      storage: '<p>x</p>',
      parentId: ID,
    });

    expect(served.site.edit.create({ spaceKey: 'ENG' }) > id).toBe(true);
    expect(await page(served, id)).toMatchObject({
      id,
      title: 'Brand new',
      parentId: ID,
      version: { number: 1 },
    });
  });

  test('that poisons a page shows in the API and not in the truth, until it is healed', async () => {
    const served = await serveSite();
    const before = await page(served);

    served.site.edit.poison(ID, 'version_overflow');
    const poisoned = await page(served);
    const truth = truthOf(served, ID);
    served.site.edit.heal(ID);

    expect(numberOf(poisoned)).toBe(2 ** 31);
    expect(truth).toMatchObject({ poison: 'version_overflow', version: numberOf(before) + 1 });
    expect(numberOf(await page(served))).toBe(numberOf(before) + 2);
  });

  test('of a page or space that is not there is refused', async () => {
    const { site } = await serveSite();

    expect(() => {
      site.edit.edit('1');
    }).toThrow(UnknownContent);
    expect(() => {
      site.edit.moveToSpace(ID, 'NOPE');
    }).toThrow(UnknownContent);
    expect(() => {
      site.edit.move(ID, '1');
    }).toThrow(UnknownContent);
    expect(() => site.edit.create({ spaceKey: 'NOPE' })).toThrow(UnknownContent);
  });
});

describe('a site', () => {
  test('made twice from the same options is the same', async () => {
    const once = await serveSite({ seed: 9, pages: 300, blogposts: 20 });
    const twice = await serveSite({ seed: 9, pages: 300, blogposts: 20 });
    const other = await serveSite({ seed: 10, pages: 300, blogposts: 20 });

    expect(withoutHost(once)).toEqual(withoutHost(twice));
    expect(withoutHost(once)).not.toEqual(withoutHost(other));
  });
});

async function page(served: Served, id = ID): Promise<Json> {
  return (await served.get(`/api/v2/pages/${id}?body-format=storage`)).json;
}

function bodyOf(json: Json): string {
  return String(json['body']?.['storage']?.['value']);
}

function numberOf(json: Json): number {
  return Number(json['version']?.['number']);
}

function timeOf(json: Json): number {
  return Date.parse(String(json['version']?.['createdAt']));
}

function truthOf({ site }: Served, id: string): TruePage | undefined {
  return [...site.pages()].find((one) => one.id === id);
}

function withoutHost({ site, url }: Served): unknown[] {
  return Array.from(site.pages(), (one) => ({ ...one, url: one.url.slice(url.length) }));
}
