import { jsonAnswer, type Answer } from '../http/answer.ts';
import { rewriteVolatile } from '../markup/rewrite-volatile.ts';
import { isRow, mapContent, type Row } from './content-rows.ts';
import type { Fault, Ground } from './fault.ts';
import { shareOf } from './share-of.ts';

const SHAPES: Readonly<Record<string, unknown>> = {
  string: 'OK',
  array: [],
  number: 7,
  null: null,
  empty: {},
  rows: { results: 'none', _links: {} },
};

/** Faults in what answers look like. */
export const shapeFaults = {
  mistyped_json: {
    summary: '200 with JSON that is no answer to the question',
    parameters: {
      shape: {
        kind: 'text',
        usual: 'string',
        meaning: '`string`, `array`, `number`, `null`, `empty` or `rows`',
        choices: Object.keys(SHAPES),
      },
    },
    answer: ({ values }) => jsonAnswer(SHAPES[values.text('shape')]),
  },
  shape_drift: {
    summary: 'a field of pages changes its shape, as after an upgrade',
    parameters: {
      field: { kind: 'text', usual: 'version', meaning: 'its name, such as `title` or `version.number`' },
      how: {
        kind: 'text',
        usual: 'missing',
        meaning: '`missing`, `null`, `number`, `object` or `renamed`',
        choices: ['missing', 'null', 'number', 'object', 'renamed'],
      },
      share: { kind: 'number', usual: '1', meaning: 'share of pages it happens to' },
    },
    rewrite: (answer, { values }) =>
      mapContent(answer, (row) =>
        shareOf(row['id'], values.number('fault_seed')) < values.number('share')
          ? drift(row, values.text('field').split('.'), values.text('how'))
          : row,
      ),
  },
  restless_bodies: {
    summary: 'markup without meaning differs in every answer: macro ids, attribute order and the like',
    parameters: {},
    rewrite: (answer, ground) => {
      const nth = countUp(ground);
      return mapContent(answer, (row) => withStorage(row, (text) => rewriteVolatile(text, nth)));
    },
  },
  wrong_content_type: {
    summary: 'JSON that says it is something else',
    parameters: { type: { kind: 'text', usual: 'text/plain', meaning: 'the content type' } },
    rewrite: (answer, { values }) => withHeader(answer, 'content-type', values.text('type')),
  },
  clock_skew: {
    summary:
      'the server’s clock is wrong: the date of its answers, and of `Retry-After` where that is a date',
    parameters: {
      seconds: { kind: 'number', usual: '600', meaning: 'how far ahead; below zero how far behind' },
    },
    rewrite: (answer, { site, values }) => {
      const skewMs = values.number('seconds') * 1_000;
      const retryAt = Date.parse(answer.headers['retry-after'] ?? '');
      const dated = withHeader(answer, 'date', httpDate(site.clock.now().getTime() + skewMs));
      // A number of seconds reads as a year, and stays what it is.
      const isDate = /^[A-Z]/.test(answer.headers['retry-after'] ?? '') && !Number.isNaN(retryAt);
      return isDate ? withHeader(dated, 'retry-after', httpDate(retryAt + skewMs)) : dated;
    },
  },
} as const satisfies Record<string, Fault>;

function drift(row: Row, [name = '', ...deeper]: readonly string[], how: string): Row {
  const value = row[name];
  if (deeper.length > 0) return isRow(value) ? { ...row, [name]: drift(value, deeper, how) } : row;
  const rest = Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
  switch (how) {
    case 'missing':
      return rest;
    case 'renamed':
      return { ...rest, [`${name}V3`]: value };
    case 'null':
      return { ...row, [name]: null };
    case 'number':
      return { ...row, [name]: 7 };
    default:
      return { ...row, [name]: { value } };
  }
}

function withStorage(row: Row, change: (text: string) => string): Row {
  const { body } = row;
  if (!isRow(body) || !isRow(body['storage']) || typeof body['storage']['value'] !== 'string') return row;
  const storage = { ...body['storage'], value: change(body['storage']['value']) };
  return { ...row, body: { ...body, storage } };
}

function countUp({ memory: { numbers } }: Ground): number {
  const nth = (numbers.get('nth') ?? 0) + 1;
  numbers.set('nth', nth);
  return nth;
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
