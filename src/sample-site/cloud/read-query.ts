import { badParameter } from './v2-error.ts';

const DEFAULT_LIMIT = 25;
const MOST_LIMIT = 250;
const MOST_INT64 = 9_223_372_036_854_775_807n;

/** Reads `limit`; throws a refusal for anything but 1 to 250. */
export function readLimit(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(limit)) throw badParameter('limit', text, 'the correct type. Expected type is int');
  if (limit < 1 || limit > MOST_LIMIT) throw badParameter('limit', text, `between 1 and ${MOST_LIMIT}`);
  return limit;
}

/** Reads a list given by commas, by repetition, or both; null where the parameter is absent. */
export function readList(query: URLSearchParams, name: string): string[] | null {
  const values = query.getAll(name);
  if (values.length === 0) return null;
  return values.flatMap((value) => value.split(',')).map((value) => value.trim());
}

/** Reads a list of ids; throws a refusal for what is no id, and for more than `most`. */
export function readIds(query: URLSearchParams, name: string, most: number): string[] | null {
  const ids = readList(query, name);
  if (ids !== null && ids.length > most)
    throw badParameter(name, String(ids.length), `a list of at most ${most}`);
  return ids?.map((id) => readId(id, name)) ?? null;
}

/** Reads an id as a long. */
export function readId(text: string, name: string): string {
  if (!/^\d{1,19}$/.test(text) || BigInt(text) > MOST_INT64) {
    throw badParameter(name, text, 'the correct type. Expected type is long');
  }
  return String(BigInt(text));
}

/** Reads one of several words; null where the parameter is absent. */
export function readWord<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | null {
  const text = query.get(name);
  return text === null ? null : readOneOf(text, name, words);
}

/** Reads a list of words; null where the parameter is absent. */
export function readWords<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word[] | null {
  return readList(query, name)?.map((text) => readOneOf(text, name, words)) ?? null;
}

function readOneOf<Word extends string>(text: string, name: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === text);
  if (word === undefined) throw badParameter(name, text, `one of ${words.join(', ')}`);
  return word;
}
