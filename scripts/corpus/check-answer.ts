import { isDeepStrictEqual } from 'node:util';
import { parseDataCenterPage } from '../../src/confluence/parse/parse-data-center-page.ts';

type Row = Readonly<Record<string, unknown>>;

const CONTEXT = {
  base: 'https://wiki.example.com',
  contentTypes: ['page', 'blogpost'],
  spaceKey: 'LISTED',
  lossy: false,
} as const;
const REQUIRED = ['title', 'version', 'status'] as const;

/** Puts a recorded answer of Data Center through the real parser; returns how many pages it holds and what is wrong. */
export function checkAnswer(text: string): Readonly<{ pages: number; problems: readonly string[] }> {
  const rows = rowsOf(JSON.parse(text));
  return { pages: rows.length, problems: rows.flatMap(checkRow) };
}

function rowsOf(answer: unknown): readonly Row[] {
  if (!isRow(answer)) return [];
  return Array.isArray(answer['results']) ? answer['results'].filter(isRow) : [answer];
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkRow(row: Row): readonly string[] {
  const id = String(row['id']);
  const page = parseDataCenterPage(row, CONTEXT);
  // A request that did not expand the version recorded a row without one.
  if (REQUIRED.some((key) => row[key] === undefined))
    return page.kind === 'failure' && page.id === id ? [] : [`page ${id} lacks a field and is no failure`];
  if (page.kind !== 'live') return [`page ${id} is not read as a live page but as ${page.kind}`];
  const problems: string[] = [];
  const more = { ...row, aFieldFromTomorrow: { deep: [1] }, constructor: 'odd' };
  if (!isDeepStrictEqual(parseDataCenterPage(more, CONTEXT), page))
    problems.push(`unknown keys change page ${id}`);
  for (const key of REQUIRED) {
    const less = Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));
    const result = parseDataCenterPage(less, CONTEXT);
    if (result.kind !== 'failure' || result.id !== id)
      problems.push(`page ${id} without ${key} is no failure of that page`);
  }
  return problems;
}
