import fc from 'fast-check';
import { nastyText } from './fuzz.ts';

/** A list's answer as JSON text: parsing it is what brings keys like `__proto__` in as own ones. */
export type PageList = Readonly<{ text: string; base: string }>;

const id = fc.oneof(
  fc.constantFrom<unknown>(
    '393229',
    393229,
    '0',
    '00',
    '01',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '1.0',
    '1e3',
    '9223372036854775807',
    '9999999999999999999',
    '10000000000000000000',
    9007199254740991,
    2 ** 53 + 2,
    1e300,
    1.5,
    -0,
    '١٢٣',
    '１２３',
    '0x1F',
    '',
  ),
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  nastyText,
);
const date = fc.oneof(
  fc.date({ noInvalidDate: true }).map((moment) => moment.toISOString()),
  fc
    .constantFrom('Z', '+00:00', '+1400', '-12:00', '+05:30', '+99:99', '', 'z', ' Z', '+1', '-0000')
    .chain((zone) =>
      fc
        .tuple(fc.nat(10_000), fc.nat(13), fc.nat(32), fc.nat(25), fc.nat(61), fc.nat(61), fc.nat(2_000_000))
        .map((parts) => {
          const [year, month, day, hour, minute, second, fraction] = parts;
          const two = (part: number) => String(part).padStart(2, '0');
          return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction}${zone}`;
        }),
    ),
  fc.constantFrom<unknown>(
    '2024-02-30T00:00:00Z',
    '2023-02-29T12:00:00.000Z',
    '2024-02-29T23:59:60Z',
    '+275760-09-13T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
    1773900000000,
    '1773900000000',
    'now',
    '',
    '2024-01-01',
    'Fri, 20 Mar 2026 10:00:00 GMT',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:00,5Z',
  ),
  nastyText,
);
const version = fc.oneof(
  fc.record(
    {
      number: fc.oneof(
        fc.integer(),
        fc.double(),
        fc.constantFrom<unknown>(2_147_483_647, 2_147_483_648, -1, '3', null, true, [1], 0),
      ),
      createdAt: date,
      when: date,
      message: nastyText,
      minorEdit: fc.boolean(),
      by: fc.constantFrom<unknown>(null, { username: 'ada' }),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom<unknown>(null, 3, '3', [], [{ number: 1 }]),
);
const title = fc.oneof(nastyText, fc.constantFrom<unknown>('Home', '', null, 7, { toString: 1 }, ['Home']));
const status = fc.constantFrom<unknown>(
  'current',
  'current',
  'current',
  'CURRENT',
  'archived',
  'trashed',
  'deleted',
  'draft',
  'historical',
  '',
  'new',
  null,
  7,
  'current ',
);
const web = fc.oneof(
  fc.constantFrom<unknown>(
    '/spaces/HR/pages/1/Home',
    '/display/ENG/Home',
    '//evil.example.net/x',
    '/\\evil.example.net',
    'javascript:alert(1)',
    'https://evil.example.net',
    '',
    '/',
    '/\u0000',
    '/ x',
    '/%',
    '/%zz',
    '/..//..',
    '/\t/evil.example.net',
    '/?#',
    '/@evil.example.net',
    ':8090/x',
    '.evil.example.net/x',
    null,
    7,
  ),
  nastyText.map((text) => `/${text}`),
  nastyText,
);
const linkBase = fc.oneof(
  fc.constantFrom<unknown>(
    'https://people.example.com/wiki',
    'http://localhost:8090',
    'https://people.example.com/wiki/?a#b',
    ' https://x ',
    'https:x',
    'https://a b',
    'https://x\\',
    'https://x#',
    'https://x?',
    'https://ada:word@x',
    'ftp://x',
    'javascript:alert(1)//',
    '',
    '/',
    null,
    7,
    'https://x:99999',
    'https://[::1]/wiki',
    'HTTPS://X/WIKI',
    'https://x/%',
    'https://\u0000',
  ),
  nastyText.map((text) => `https://${text}`),
  nastyText.map((text) => `https://people.example.com/${text}`),
);
const links = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      { webui: web, base: linkBase, context: nastyText, self: nastyText },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'x', [], 7) },
);
const body = fc.oneof(
  fc.record({
    storage: fc.oneof(
      fc.record({ value: title, representation: fc.constant('storage') }, { requiredKeys: [] }),
      title,
    ),
  }),
  fc.constantFrom<unknown>({}, null, 'x', [], { storage: null }, { view: {} }),
);
const space = fc.oneof(
  fc.record(
    { id, key: fc.oneof(nastyText, fc.constantFrom<unknown>('HR', '~ada', '', null, 7)), name: nastyText },
    { requiredKeys: [] },
  ),
  fc.constantFrom<unknown>(null, 'HR', 7, []),
);
const ancestors = fc.oneof(
  fc.array(fc.oneof(fc.record({ id }, { requiredKeys: [] }), fc.constantFrom<unknown>(null, 7, 'x', [])), {
    maxLength: 4,
  }),
  fc.constantFrom<unknown>(null, {}, 'x', 7),
);
const shape = {
  id,
  type: fc.constantFrom<unknown>('page', 'page', 'blogpost', 'comment', 'PAGE', null, 7),
  status,
  title,
  spaceId: id,
  parentId: id,
  parentType: fc.constantFrom<unknown>('page', 'folder', null),
  version,
  body,
  space,
  ancestors,
  _links: links,
  _expandable: fc.constant({}),
  extensions: fc.constant({ position: 'none' }),
  authorId: nastyText,
  createdAt: date,
};
const bent = fc.record(shape, { requiredKeys: ['id'] });
const usual = fc.record({
  ...shape,
  id: fc.nat().map(String),
  status: fc.constant('current'),
  title: fc.constant('Home'),
  version: fc.record({
    number: fc.nat(99),
    createdAt: fc.constant('2026-03-19T14:23:48.556Z'),
    when: fc.constant('2024-10-30T16:29:18.318+10:00'),
  }),
});
/** What JSON can hold and an object literal cannot: it is written by hand. */
const odd = fc.constantFrom(
  '{"__proto__":{"id":"1","title":"x"},"id":"2"}',
  '{"id":"3","__proto__":null}',
  '{"constructor":{"prototype":{"id":"4"}},"id":"4"}',
  '{"id":"5","id":"6","title":"twice"}',
  '{"toString":1,"valueOf":1,"id":{"__proto__":[]}}',
  '{"id":1e400,"version":{"number":-1e400}}',
  '{"id":"7","title":"\\ud800","version":{"number":1,"createdAt":"2026-03-19T14:23:48.556Z"}}',
  'null',
  '0',
  '"text"',
  '[]',
  '[[[]]]',
  '{}',
  `{"id":"8","body":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  `{"id":${'9'.repeat(5000)}}`,
  '{"id":"9","body":{"storage":{"value":{"value":"x"}}}}',
);
const deep = fc
  .constantFrom(200_000, 20_000)
  .map((depth) => `{"id":"8","body":${'['.repeat(depth)}${']'.repeat(depth)}}`);
const row = fc.oneof(
  { weight: 4000, arbitrary: bent.map((value) => JSON.stringify(value)) },
  { weight: 3000, arbitrary: usual.map((value) => JSON.stringify(value)) },
  { weight: 500, arbitrary: odd },
  { weight: 1, arbitrary: deep },
);
const results = fc.array(row, { maxLength: 3 }).map((rows) => `[${rows.join(',')}]`);
const notRows = fc.constantFrom(
  'null',
  '{}',
  '"x"',
  '7',
  '[null]',
  '{"0":{"id":"1"},"length":1}',
  '{"__proto__":[]}',
);
const whole = fc
  .tuple(fc.oneof({ weight: 12, arbitrary: results }, { weight: 1, arbitrary: notRows }), links)
  .map(([rows, envelope]) => `{"results":${rows},"_links":${JSON.stringify(envelope)}}`);

/** Lists of pages in the shape of either deployment, with fields gone, nulled, of another type, too large or hostile. */
export const pageLists: fc.Arbitrary<PageList> = fc.record({
  text: fc.oneof(
    { weight: 60, arbitrary: whole },
    { weight: 2, arbitrary: fc.tuple(whole, fc.nat(400)).map(([text, at]) => text.slice(0, at)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '[]',
        '{}',
        '{"results":null}',
        '<html>',
        '\uFEFF{}',
        '{"results":[]}trailing',
      ),
    },
  ),
  base: fc.constantFrom(
    'https://people.example.com/wiki',
    'http://127.0.0.1:8090',
    'https://people.example.com:8443/confluence',
  ),
});
