import type { Poison } from './poison.ts';
import { rawNesting, rawNumber } from './raw-json.ts';
import type { Served } from './served.ts';

/**
 * One way for a page to be bad. `refusable` tells whether a mirror has to refuse such a page; the others can be stored,
 * where need be cleaned of what a database does not take.
 */
type PoisonDefinition = Readonly<{
  refusable: boolean;
  summary: string;
  apply: (served: Served, poison: Poison) => Served;
}>;

const HUGE_BYTES = 20 * 1024 * 1024;
const DEEP_STORAGE = 50_000;
const DEEP_JSON = 200_000;

/** Every way in which a page of the site can be bad, by name. */
export const poisonKinds = {
  nul_in_body: {
    refusable: false,
    summary: 'a NUL character within the body',
    apply: (served) => ({ ...served, storage: `<p>before\u0000after</p>${String(served.storage)}` }),
  },
  nul_in_title: {
    refusable: false,
    summary: 'a NUL character within the title',
    apply: (served) => ({ ...served, title: `NUL\u0000 ${String(served.title)}` }),
  },
  lone_surrogate: {
    refusable: false,
    summary: 'half an emoji in title and body',
    apply: (served) => ({
      ...served,
      title: `${String(served.title)} \ud83d`,
      storage: `<p>half \ude80 emoji</p>${String(served.storage)}`,
    }),
  },
  control_title: {
    refusable: false,
    summary: 'terminal escapes, line breaks and a bidirectional override in the title',
    apply: (served) => ({ ...served, title: `\u001b[31m\r\n\u202e ${String(served.title)}` }),
  },
  long_title: {
    refusable: false,
    summary: 'a title of 5,000 characters, too long for an index',
    apply: (served) => ({ ...served, title: longTitle(served.id) }),
  },
  ancient_date: {
    refusable: false,
    summary: 'last changed in the year 1',
    apply: (served) => ({ ...served, version: withWhen(served, '0001-01-01T00:00:00.000Z') }),
  },
  huge_body: {
    refusable: false,
    summary: 'a body of 20 MB, or of `bytes`: to be refused only where it is above the limit for one answer',
    apply: (served, { bytes = HUGE_BYTES }) => ({ ...served, storage: hugeBody(bytes) }),
  },
  deep_nesting: {
    refusable: false,
    summary: 'valid storage format nested 50,000 deep, or `depth`',
    apply: (served, { depth = DEEP_STORAGE }) => ({
      ...served,
      storage: `${'<div>'.repeat(depth)}deep${'</div>'.repeat(depth)}`,
    }),
  },
  malformed_body: {
    refusable: false,
    summary: 'a body that is no XML: it is stored as received',
    apply: (served) => ({ ...served, storage: '<p>open <ac:link & <b>never closed' }),
  },
  unknown_fields: {
    refusable: false,
    summary: 'fields nobody knows, `constructor` and a prototype among them',
    apply: (served) => ({
      ...served,
      extra: { constructor: { name: 'x' }, newField: [1], ['__proto__']: { title: 7 } },
    }),
  },
  version_overflow: {
    refusable: true,
    summary: 'version 2,147,483,648: one more than an integer column holds',
    apply: (served) => ({ ...served, version: withNumber(served, 2 ** 31) }),
  },
  negative_version: {
    refusable: true,
    summary: 'version -1',
    apply: (served) => ({ ...served, version: withNumber(served, -1) }),
  },
  fraction_version: {
    refusable: true,
    summary: 'version 1.5',
    apply: (served) => ({ ...served, version: withNumber(served, 1.5) }),
  },
  missing_version: {
    refusable: true,
    summary: 'no version at all',
    apply: (served) => ({ ...served, version: undefined }),
  },
  null_version: {
    refusable: true,
    summary: 'a version that is null',
    apply: (served) => ({ ...served, version: null }),
  },
  bad_date: {
    refusable: true,
    summary: 'a date that is none',
    apply: (served) => ({ ...served, version: withWhen(served, 'the day before yesterday') }),
  },
  null_body: {
    refusable: true,
    summary: 'a body whose text is null: to store it as empty would lose the page',
    apply: (served) => ({ ...served, storage: null }),
  },
  missing_body: {
    refusable: true,
    summary: 'no body although it was asked for',
    apply: (served) => ({ ...served, storage: undefined }),
  },
  deep_json: {
    refusable: true,
    summary: 'a body field of 200,000 arrays within each other, or `depth`',
    apply: (served, { depth = DEEP_JSON }) => ({ ...served, storage: rawNesting(depth) }),
  },
  number_id: {
    refusable: true,
    summary: 'an id that is a JSON number: above 2^53 it is another page by the time it is read',
    apply: (served) => ({ ...served, id: rawNumber(String(served.id)) }),
  },
  negative_id: {
    refusable: true,
    summary: 'an id below zero',
    apply: (served) => ({ ...served, id: `-${String(served.id)}` }),
  },
  empty_id: {
    refusable: true,
    summary: 'an id without a digit',
    apply: (served) => ({ ...served, id: '' }),
  },
  huge_id: {
    refusable: true,
    summary: 'an id of 10,000 digits',
    apply: (served) => ({ ...served, id: '7'.repeat(10_000) }),
  },
  missing_title: {
    refusable: true,
    summary: 'no title at all',
    apply: (served) => ({ ...served, title: undefined }),
  },
  object_title: {
    refusable: true,
    summary: 'a title that is an object',
    apply: (served) => ({ ...served, title: { value: String(served.title) } }),
  },
  unknown_status: {
    refusable: true,
    summary: 'a status nobody knows',
    apply: (served) => ({ ...served, status: 'levitating' }),
  },
} as const satisfies Record<string, PoisonDefinition>;

/** The name of a way for a page to be bad. */
export type PoisonKind = keyof typeof poisonKinds;

/** Whether a text names a way for a page to be bad. */
export function isPoisonKind(text: string): text is PoisonKind {
  return Object.hasOwn(poisonKinds, text);
}

function withNumber(served: Served, number: number): Served['version'] {
  return served.version ? { ...served.version, number } : served.version;
}

function withWhen(served: Served, when: string): Served['version'] {
  return served.version ? { ...served.version, when } : served.version;
}

function longTitle(id: unknown): string {
  // Words that differ: a repeated one would be compressed until it fits into an index after all.
  let title = `Long ${String(id)}`;
  for (let n = 0; title.length < 5_000; n++) title += ` ${((n + 7) * 2_654_435_761).toString(36)}`;
  return title.slice(0, 5_000);
}

function hugeBody(bytes: number): string {
  const sentence = '<p>This page has been growing since the project began.</p>';
  return sentence.repeat(Math.ceil(bytes / sentence.length));
}
