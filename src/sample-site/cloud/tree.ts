import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Handler, Site } from '../http/site.ts';
import { withLinks } from '../http/with-links.ts';
import { compareKeys, keyOf, type Key } from '../state/order.ts';
import { findNode, nodesAbove, readChildren, type TreeNode } from '../state/tree-node.ts';
import { takePage } from '../take-page.ts';
import { positionOf } from './content-json.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { folderJson } from './folder-json.ts';
import { listAnswer } from './list-answer.ts';
import { readId, readLimit, readWord } from './read-query.ts';
import { badParameter, v2Error } from './v2-error.ts';

type Kind = TreeNode['kind'];
type Row = Readonly<{ node: TreeNode; depth: number }>;

const ORDERS = ['id', 'child-position', 'created-date', 'modified-date'] as const;
type ChildOrder = (typeof ORDERS)[number];

const USUAL_DEPTH = 2;
const MOST_DEPTH = 10;

/** Tells what lies above a page or folder, the topmost first; where there is more than `limit`, the nearest. */
export function listAncestors(kind: Kind): Handler {
  return (site, call) => {
    const above = nodesAbove(site.library, findSubject(site, call, kind).content);
    const seen = above.filter(({ content }) => call.seesSpace(content.spaceIndex)).slice(-limitOf(call));
    return listAnswer(
      site,
      call,
      seen.map((node) => ({ id: node.content.id, type: node.kind })),
      null,
    );
  };
}

/** Lists what lies right below a page or folder. */
export function listDirectChildren(kind: Kind): Handler {
  return (site, call) => {
    const subject = findSubject(site, call, kind);
    const rows = readChildren(site.library)(subject.content.id).map((node) => ({ node, depth: 1 }));
    return answerRows(site, call, rows, ({ node }) => ({
      ...childJson(node),
      spaceId: site.library.spaces[node.content.spaceIndex]?.id,
    }));
  };
}

/** Lists what lies below a page or folder, `depth` levels deep, without a word about what lies deeper. */
export function listDescendants(kind: Kind): Handler {
  return (site, call) => {
    const childrenOf = readChildren(site.library);
    const deepest = readDepth(call.query);
    const rows: Row[] = [];
    let level: readonly TreeNode[] = [findSubject(site, call, kind)];
    for (let depth = 1; depth <= deepest && level.length > 0; depth++) {
      level = level.flatMap(({ content }) => childrenOf(content.id));
      rows.push(...level.map((node) => ({ node, depth })));
    }
    return answerRows(site, call, rows, ({ node, depth }) => ({
      ...childJson(node),
      parentId: node.content.parentId,
      depth,
    }));
  };
}

/** Gets one folder; 404 names the id. */
export function getFolder(site: Site, call: Call): Answer {
  const { content } = findSubject(site, call, 'folder');
  const folder = site.library.folders.get(content.id);
  return jsonAnswer(folder === null ? null : withLinks(folderJson(site, folder), { base: site.base() }));
}

function findSubject(site: Site, call: Call, kind: Kind): TreeNode {
  const id = readId(call.param('id'), 'id');
  const node = findNode(site.library, id);
  if (node?.kind !== kind || !call.seesSpace(node.content.spaceIndex))
    throw v2Error(404, 'NOT_FOUND', `Cannot find a ${kind} with id [${id}]`);
  return node;
}

function answerRows(site: Site, call: Call, rows: readonly Row[], toJson: (row: Row) => unknown): Answer {
  const words = ORDERS.flatMap((one) => [one, `-${one}`]);
  const sort = readWord(call.query, 'sort', words) ?? 'id';
  const order = ORDERS.find((one) => one === sort || `-${one}` === sort) ?? 'id';
  const sign = sort.startsWith('-') ? -1 : 1;
  const after = readCursor(call.query, sort, order);
  const key = ({ node }: Row): Key => childKey(order, node);
  const sorted = rows.toSorted((a, b) => sign * compareKeys(key(a), key(b)));
  const wanted = (row: Row): boolean =>
    call.seesSpace(row.node.content.spaceIndex) &&
    (after === null || sign * compareKeys(key(row), after) > 0);
  const { rows: page, more } = takePage(sorted, wanted, limitOf(call));
  const last = page.at(-1);
  return listAnswer(site, call, page.map(toJson), more && last ? writeCursor(sort, order, key(last)) : null);
}

function childKey(order: ChildOrder, { kind, content }: TreeNode): Key {
  if (order === 'child-position') return { id: content.id, value: positionOf(content) };
  return kind === 'page' ? keyOf(order, content) : { id: content.id, value: 0 };
}

function childJson(node: TreeNode): Record<string, unknown> {
  return {
    id: node.content.id,
    status: node.kind === 'page' ? node.content.status : 'current',
    title: node.content.title,
    type: node.kind,
    childPosition: positionOf(node.content),
  };
}

function limitOf(call: Call): number {
  return Math.min(readLimit(call.query), call.cap ?? Infinity);
}

function readDepth(query: URLSearchParams): number {
  const text = query.get('depth') ?? String(USUAL_DEPTH);
  const depth = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (depth < 1 || depth > MOST_DEPTH) throw badParameter('depth', text, `between 1 and ${MOST_DEPTH}`);
  return depth;
}
