import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listOf, serveSite, walkCloud } from './serve-site.ts';

describe('a site of files', () => {
  test('serves every body file below the folder byte for byte, a space a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-site-'));
    const files: Readonly<Record<string, string>> = {
      'a.xml': '\ufeff<p>with a mark in front</p>\r\n',
      'b/one.html': '<p>one</p>',
      'b/one.xml': '<p>the same name</p>',
      'b/deeper/two.xhtml': '<p>&nbsp;é 🚀</p>',
      'c/three.xml': '',
    };
    for (const [path, body] of [...Object.entries(files), ['c/readme.md', 'no body']]) {
      mkdirSync(join(folder, path ?? '', '..'), { recursive: true });
      writeFileSync(join(folder, path ?? ''), body ?? '');
    }
    const served = await serveSite({ contentDir: folder });

    const rows = await walkCloud(served, '/api/v2/pages?body-format=storage&limit=2');
    const spaces = listOf((await served.get('/api/v2/spaces')).json['results']);

    const bodies = rows.map((row) => row['body']?.['storage']?.['value']);
    expect(new Set(bodies)).toEqual(new Set(Object.values(files)));
    expect(rows).toHaveLength(5);
    expect(spaces.map((space) => space['key'])).toEqual(['PAGES', 'BDEEPER', 'B', 'C']);
    expect(rows.map((row) => row['title'])).toEqual(
      expect.arrayContaining(['a', 'one', 'one.xml', 'two', 'three']),
    );
    for (const space of spaces) {
      const inSpace = await walkCloud(served, `/api/v2/spaces/${String(space['id'])}/pages`);
      expect(inSpace.map((row) => row['id'])).toContain(space['homepageId']);
    }
  });

  test('is edited like any other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-site-'));
    writeFileSync(join(folder, 'a.xml'), '<p>text here</p>');
    const { site } = await serveSite({ contentDir: folder });
    const [page] = [...site.pages()];

    site.edit.edit(page?.id ?? '');
    site.edit.markInlineComment(page?.id ?? '');
    const [after] = [...site.pages()];

    expect(after?.version).toBe(2);
    expect(after?.storage).toContain('Edited');
    expect(after?.storage).toContain('inline-comment-marker');
  });
});
