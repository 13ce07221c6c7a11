import { badRequest } from '../v1/v1-error.ts';
import { readCqlTokens, type CqlToken } from './read-cql-tokens.ts';

/** One condition of a query; several are joined by `and`. */
export type CqlClause = Readonly<{
  field: string;
  operator: '=' | '!=' | '~' | '>' | '>=' | '<' | '<=' | 'in' | 'not in';
  values: readonly string[];
}>;

/** A query taken apart. */
export type Cql = Readonly<{
  clauses: readonly CqlClause[];
  orderBy: Readonly<{ field: string; descending: boolean }> | null;
}>;

const FIELDS = new Set([
  'type',
  'space',
  'space.key',
  'id',
  'content',
  'ancestor',
  'parent',
  'title',
  'lastmodified',
  'created',
]);
const OPERATORS = ['=', '!=', '~', '>', '>=', '<', '<='] as const;

/**
 * Takes apart the part of CQL that reading needs: conditions joined by `and`, and one `order by`. Throws a refusal for
 * what Confluence does not take (`status` is no field, personal keys need quotes) and for what this site does not.
 */
export function parseCql(text: string): Cql {
  const tokens = readCqlTokens(text);
  const clauses: CqlClause[] = [];
  while (tokens.length > 0 && !isWord(tokens[0], 'order')) {
    if (clauses.length > 0) takeWord(tokens, 'and', text);
    clauses.push(readClause(tokens, text));
  }
  return { clauses, orderBy: tokens.length > 0 ? readOrder(tokens, text) : null };
}

function readClause(tokens: CqlToken[], text: string): CqlClause {
  const field = take(tokens, text).text.toLowerCase();
  if (!FIELDS.has(field)) throw unreadable(text);
  const operator = take(tokens, text).text.toLowerCase();
  if (operator === 'not') {
    takeWord(tokens, 'in', text);
    return { field, operator: 'not in', values: readGroup(tokens, field, text) };
  }
  if (operator === 'in') return { field, operator, values: readGroup(tokens, field, text) };
  const known = OPERATORS.find((one) => one === operator);
  if (known === undefined) throw unreadable(text);
  return { field, operator: known, values: [take(tokens, text).text] };
}

function readGroup(tokens: CqlToken[], field: string, text: string): string[] {
  takeWord(tokens, '(', text);
  const values: string[] = [];
  for (let separator = ','; separator === ','; separator = take(tokens, text).text) {
    const value = take(tokens, text);
    if (field.startsWith('space') && !value.quoted) throw unreadable(text);
    values.push(value.text);
  }
  return values;
}

function readOrder(tokens: CqlToken[], text: string): Cql['orderBy'] {
  takeWord(tokens, 'order', text);
  takeWord(tokens, 'by', text);
  const field = take(tokens, text).text.toLowerCase();
  const direction = tokens.shift()?.text.toLowerCase() ?? 'asc';
  if (tokens.length > 0 || !['asc', 'desc'].includes(direction)) throw unreadable(text);
  return { field, descending: direction === 'desc' };
}

function take(tokens: CqlToken[], text: string): CqlToken {
  const token = tokens.shift();
  if (token === undefined) throw unreadable(text);
  return token;
}

function takeWord(tokens: CqlToken[], word: string, text: string): void {
  if (!isWord(take(tokens, text), word)) throw unreadable(text);
}

function isWord(token: CqlToken | undefined, word: string): boolean {
  return token !== undefined && !token.quoted && token.text.toLowerCase() === word;
}

function unreadable(text: string): Error {
  return badRequest(`Could not parse cql : ${text}`);
}
