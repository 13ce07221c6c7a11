import type { PageFailure } from '../../sync/page.ts';
import type { FetchedPage } from '../../sync/source.ts';
import type { Reply } from '../client/answer.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';

/** Turns the row of one asked page into its answer: content that is not live is absent, a body that is no text a failure. */
export function fetchedPage(row: Exclude<ParsedRow, { kind: 'unusable' }>): FetchedPage {
  if (row.kind === 'failure') return row;
  if (row.kind === 'other') return { kind: 'absent', id: row.id };
  const { head, storage, damaged } = row;
  const fail = (code: string, message: string): PageFailure => ({
    kind: 'failure',
    id: head.id,
    spaceKey: head.spaceKey,
    title: head.title,
    version: head.version,
    stage: 'parse',
    code,
    message,
    parentId: head.parentId,
    ...(head.ancestorIds !== undefined && { ancestorIds: head.ancestorIds }),
  });
  if (storage === null) return fail('null_body', `page ${head.id} came without a body in storage format`);
  if (damaged) return fail('invalid_utf8', `page ${head.id} has a body that is not UTF-8`);
  return { kind: 'page', head, storage };
}

/** The failure of a page whose answer was no page. */
export function pageFailure(id: string, reply: Exclude<Reply, { kind: 'json' }>): PageFailure {
  const { stage, code } = faultOf(reply);
  const message = `fetching page ${id} failed (${code}): Confluence does not give this page, others come`;
  return { kind: 'failure', id, spaceKey: '', title: null, version: null, stage, code, message };
}

function faultOf(reply: Exclude<Reply, { kind: 'json' }>): Pick<PageFailure, 'stage' | 'code'> {
  switch (reply.kind) {
    case 'refused':
      return { stage: 'content', code: reply.status === 413 ? 'body_too_large' : `http_${reply.status}` };
    case 'failing':
      return { stage: 'content', code: reply.code };
    case 'unreadable':
      return { stage: reply.code === 'body_too_large' ? 'content' : 'parse', code: reply.code };
  }
}
