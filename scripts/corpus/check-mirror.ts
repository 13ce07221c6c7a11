import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hashBody } from '../../src/content/index.ts';
import { createSampleSite } from '../../src/sample-site/create-sample-site.ts';
import type { Deployment } from '../../src/sample-site/sample-site.ts';
import { databaseParts } from '../../tests/support/database-parts.ts';
import { mirroredPages, query, syncMirror, truthOf } from '../../tests/support/mirror.ts';

/**
 * Serves the folder's bodies as a site, syncs it into an embedded database and compares every row with the site, every body
 * with its file, and every hash with one made again from the stored body. Returns what differs.
 */
export async function checkMirror(
  folder: string,
  files: readonly string[],
  deployment: Deployment,
): Promise<readonly string[]> {
  const place = await mkdtemp(join(tmpdir(), 'confluence-sync-corpus-'));
  const databaseUrl = `pglite:${place}/mirror`;
  const site = createSampleSite({ deployment, contentDir: folder, clock: databaseParts.clock });
  try {
    const { report, error } = await syncMirror({ baseUrl: (await site.listen(0)).url, databaseUrl });
    if (error !== null) return [`${deployment}: ${error.message}`];
    const problems: string[] = [];
    const { created } = report.counts;
    if (created !== files.length) problems.push(`${created} of ${files.length} pages arrived`);
    const pages = await mirroredPages(databaseUrl);
    if (!isDeepStrictEqual(pages, truthOf(site))) problems.push('the rows differ from the site');
    const bodies = files.map((file) => readFileSync(join(folder, file), 'utf8')).sort();
    if (!isDeepStrictEqual(pages.map((page) => page.storage).sort(), bodies))
      problems.push('the bodies differ from the files');
    const hashes = await query<Hashed>(
      databaseUrl,
      'select id, storage, content_hash from confluence_pages join confluence_page_bodies on page_id = id',
    );
    for (const { id, storage, content_hash: hash } of hashes)
      if (hashBody(storage).contentHash !== hash)
        problems.push(`the hash of page ${id} is not that of its body`);
    return problems.map((problem) => `${deployment}: ${problem}`);
  } finally {
    await site.close();
    await rm(place, { recursive: true, force: true });
  }
}

type Hashed = Readonly<{ id: string; storage: string; content_hash: string }>;
