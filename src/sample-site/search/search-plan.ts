import type { ContentType } from '../../sync/page.ts';
import type { Content } from '../content.ts';
import { readOffset } from '../server-offset.ts';
import type { Order } from '../state/order.ts';
import type { Library } from '../state/library.ts';
import { nodesAbove } from '../state/tree-node.ts';
import { badRequest } from '../v1/v1-error.ts';
import { parseCql, type Cql, type CqlClause } from './parse-cql.ts';

/** How to find what a query asks for: a walk, a test for each page, and where the walk may stop. */
export type SearchPlan = Readonly<{
  types: readonly ContentType[];
  spaces: readonly number[] | null;
  order: Order;
  descending: boolean;
  matches: (content: Content) => boolean;
  /** True where every page of the walk matches, so that pages can be skipped by counting. */
  exact: boolean;
  /** A walk by falling modification time may stop before this time. */
  notBefore: number;
}>;

const DATE = /^(\d{4})[-/](\d\d)[-/](\d\d)(?: (\d\d):(\d\d))?$/;
const MINUTE_MS = 60_000;
const ORDERS: ReadonlyMap<string, Order> = new Map([
  ['lastmodified', 'modified-date'],
  ['created', 'created-date'],
  ['title', 'title'],
  ['id', 'id'],
]);
const TIME_FIELDS = ['lastmodified', 'created'];

/** Plans a search. Dates are read to the minute in the zone of `offset`. Throws a refusal for a query nobody can read. */
export function planSearch(text: string, library: Library, offset: string): SearchPlan {
  const cql = parseCql(text);
  const tests = cql.clauses.map((clause) => testOf(clause, library, offset));
  const notBefore = notBeforeOf(cql, offset);
  const { order, descending } = orderOf(cql, notBefore);
  return {
    types: typesOf(cql),
    spaces: spacesOf(cql, library),
    order,
    descending,
    matches: (content) => tests.every((test) => test(content)),
    exact:
      order !== 'title' &&
      cql.clauses.every(({ field, operator }) => operator !== '!=' && ['type', 'space'].includes(field)),
    notBefore,
  };
}

function typesOf(cql: Cql): ContentType[] {
  const asked = cql.clauses.filter(
    ({ field, operator }) => field === 'type' && ['=', 'in'].includes(operator),
  );
  const all: ContentType[] = ['page', 'blogpost'];
  return all.filter((type) => asked.every(({ values }) => values.includes(type)));
}

function spacesOf(cql: Cql, library: Library): number[] | null {
  const clause = cql.clauses.find(
    ({ field, operator }) => field.startsWith('space') && ['=', 'in'].includes(operator),
  );
  if (clause === undefined) return null;
  // An unknown key finds nothing; it is no error.
  return library.spaces.filter(({ key }) => includesKey(clause.values, key)).map(({ index }) => index);
}

function orderOf({ orderBy }: Cql, notBefore: number): Readonly<{ order: Order; descending: boolean }> {
  // Without a wish any order will do: by falling time the walk can stop at the bound.
  if (orderBy === null && notBefore !== -Infinity) return { order: 'modified-date', descending: true };
  if (orderBy === null) return { order: 'id', descending: false };
  const order = ORDERS.get(orderBy.field);
  if (order === undefined) throw badRequest(`Could not parse cql : no order by ${orderBy.field}`);
  return { order, descending: orderBy.descending };
}

function notBeforeOf(cql: Cql, offset: string): number {
  const bounds = cql.clauses
    .filter(({ field, operator }) => field === 'lastmodified' && ['>', '>=', '='].includes(operator))
    .map(({ values }) => readCqlDate(values[0] ?? '', offset));
  return Math.max(-Infinity, ...bounds);
}

function testOf(
  { field, operator, values }: CqlClause,
  library: Library,
  offset: string,
): (content: Content) => boolean {
  const negative = operator === '!=' || operator === 'not in';
  const value = values[0] ?? '';
  if (TIME_FIELDS.includes(field)) return timeTest(field, operator, readCqlDate(value, offset));
  switch (field) {
    case 'type':
      return ({ type }) => values.includes(type) !== negative;
    case 'id':
    case 'content':
      return ({ id }) => values.includes(id) !== negative;
    case 'ancestor':
      return (content) =>
        nodesAbove(library, content).some(({ content: { id } }) => values.includes(id)) !== negative;
    case 'parent':
      return ({ parentId }) => values.includes(parentId ?? '') !== negative;
    case 'title':
      return ({ title }) => sameTitle(title, value, operator) !== negative;
    default:
      return ({ spaceIndex }) => includesKey(values, library.spaces[spaceIndex]?.key ?? '') !== negative;
  }
}

function timeTest(
  field: string,
  operator: CqlClause['operator'],
  bound: number,
): (content: Content) => boolean {
  const timeOf = (content: Content): number => {
    const ms = field === 'created' ? content.createdAt : content.updatedAt;
    return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  };
  const tests: Partial<Record<CqlClause['operator'], (time: number) => boolean>> = {
    '>': (time) => time > bound,
    '>=': (time) => time >= bound,
    '<': (time) => time < bound,
    '<=': (time) => time <= bound,
  };
  const test = tests[operator] ?? ((time: number): boolean => time === bound);
  return (content) => test(timeOf(content));
}

function readCqlDate(text: string, offset: string): number {
  const match = DATE.exec(text);
  if (match === null)
    throw badRequest(`Could not parse cql : the date ${text} is not of the form yyyy-MM-dd HH:mm`);
  const [, year, month, day, hour = '0', minute = '0'] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return local - readOffset(offset) * MINUTE_MS;
}

function sameTitle(title: string, wanted: string, operator: string): boolean {
  const [a, b] = [title.toLowerCase(), wanted.toLowerCase()];
  return operator === '~' ? a.includes(b) : a === b;
}

function includesKey(keys: readonly string[], key: string): boolean {
  return keys.some((one) => one.toLowerCase() === key.toLowerCase());
}
