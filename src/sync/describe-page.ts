import { hashBody, HASH_VERSION, storableText } from '../content/index.ts';
import type { Log } from './ambient.ts';
import type { PageHead, PageRecord, SourcePage } from './page.ts';

/**
 * Makes a fetched page ready for the store: NUL and lone surrogates, which PostgreSQL refuses or silently changes, are
 * taken out before hashing, and that is logged; the body is hashed over its canonical form.
 */
export function describePage(page: SourcePage, wentBack: boolean, log: Log): PageRecord {
  const body = storableText(page.storage);
  if (body.removed > 0)
    log.warn({ page: page.head.id, characters: body.removed }, 'body had characters no database takes');
  const { contentHash, parsed } = hashBody(body.text);
  if (!parsed) log.debug({ page: page.head.id }, 'body is not well-formed, hashed as received');
  return { head: cleanHead(page.head), storage: body.text, contentHash, hashVersion: HASH_VERSION, wentBack };
}

/** Takes what no database stores out of a head, so that it compares equal to its stored row. */
export function cleanHead(head: PageHead): PageHead {
  const title = storableText(head.title);
  const url = storableText(head.url);
  return title.removed + url.removed === 0 ? head : { ...head, title: title.text, url: url.text };
}
