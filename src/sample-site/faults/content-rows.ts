import type { Answer } from '../http/answer.ts';
import { readList, withList } from './next-link.ts';

/** A page or blog post as an answer tells it. */
export type Row = Readonly<Record<string, unknown>>;

/** The pages and blog posts in a list; none where the answer is no list of them. */
export function contentRows(answer: Answer): readonly Row[] {
  return (readList(answer)?.results ?? []).filter(isContent);
}

/** The ids of the pages and blog posts in a list. */
export function contentIds(answer: Answer): readonly string[] {
  return contentRows(answer).map(({ id }) => String(id));
}

/** The answer with each page and blog post in it, in a list or alone, made into another; null takes it out of a list. */
export function mapContent(answer: Answer, change: (row: Row) => Row | null): Answer {
  const list = readList(answer);
  if (list !== null) {
    const results = list.results.flatMap((row) => (isContent(row) ? (change(row) ?? []) : [row]));
    return withList(answer, { ...list, results });
  }
  const value = answer.body.kind === 'json' ? answer.body.value : null;
  const changed = isContent(value) ? change(value) : null;
  return changed === null ? answer : { ...answer, body: { kind: 'json', value: changed } };
}

/** Whether a value is an object with names. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Spaces have keys, errors have no title, and a folder or a child in a tree has no version. */
function isContent(value: unknown): value is Row {
  return isRow(value) && 'id' in value && 'status' in value && 'title' in value && !('key' in value);
}
