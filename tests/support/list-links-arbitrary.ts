import fc from 'fast-check';
import { nastyText } from './fuzz.ts';

/** What a list's answer says of where it goes on, true or not. */
export type ListLinks = Readonly<{
  _links: { next?: unknown; base?: unknown };
  cursor?: unknown;
  nextCursor?: unknown;
  limit?: unknown;
}>;

const scheme = fc.constantFrom(
  'https:',
  'http:',
  'HTTPS:',
  'ftp:',
  'javascript:',
  'data:',
  'file:',
  'ws:',
  'h\tttps:',
  '',
  '',
  '',
  ' https:',
  'https',
);
const slashes = fc.constantFrom('//', '/', '///', '\\\\', '/\\', '\\/', '', '//', '//', '/\t/', '////');
const user = fc.constantFrom(
  '',
  '',
  '',
  'secret-word@',
  'ada:secret-word@',
  '@',
  ':@',
  'people.example.com@',
  'a%40b:secret-word@',
);
const host = fc.oneof(
  fc.constantFrom(
    'people.example.com',
    'people.example.com',
    'PEOPLE.example.com',
    'people.example.com.',
    'evil.example.net',
    'people.example.com.evil.example.net',
    'people.example.comevil.net',
    'people。example。com',
    'pеople.example.com',
    'xn--pople-example-com',
    'api.atlassian.com',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'localhost',
    '',
    'people.example.com%2eevil.net',
    'people.example.com%00.evil.net',
    'people.example.com#.evil.net',
    'people.example.com\\.evil.net',
    'evil.example.net?people.example.com',
    '%70eople.example.com',
    'ｐeople.example.com',
  ),
  nastyText,
);
const port = fc.constantFrom(
  '',
  '',
  '',
  ':443',
  ':80',
  ':8443',
  ':8090',
  ':0',
  ':65536',
  ':-1',
  ':x',
  ':',
  ':00443',
);
const segment = fc.oneof(
  fc.constantFrom(
    'wiki',
    'wiki',
    'rest',
    'api',
    'v2',
    'pages',
    'confluence',
    'ex',
    'a1b2',
    '.',
    '..',
    '%2e%2e',
    '..%2f',
    '.%2E',
    '..;',
    '',
    'content',
    'scan',
    '%5c',
    '\\..',
    'spaces',
    'oauth',
    'token',
    ';@evil.example.net',
    '%00',
    'login.action',
  ),
  nastyText,
);
const path = fc
  .array(segment, { maxLength: 8 })
  .map((segments) => segments.map((each) => `/${each}`).join(''));
const name = fc.constantFrom(
  'cursor',
  'cursor',
  'cursor',
  'limit',
  'start',
  'next',
  'Cursor',
  'cursor[]',
  'cql',
  '%63ursor',
  'spaceKey',
);
const value = fc.oneof(
  fc.constantFrom(
    'eyJpZCI6IjEifQ==',
    'eyJpZCI6IjEifQ%3D%3D',
    'content:false:393244',
    'content:false:null',
    '',
    '25',
    '-1',
    '%',
    '+',
    '../../x',
    'https://evil.example.net',
    '%0d%0aHost:evil',
    '&limit=9',
    '#',
  ),
  nastyText,
);
const query = fc
  .array(fc.tuple(name, value), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`));
const fragment = fc.constantFrom('', '', '', '#', '#?cursor=1', '#@evil.example.net');

const relative = fc.tuple(path, query, fragment).map((parts) => parts.join(''));
const absolute = fc.tuple(scheme, slashes, user, host, port, relative).map((parts) => parts.join(''));
const ownPaths = fc.constantFrom(
  '/wiki/api/v2/pages?cursor=abc',
  '/wiki/wiki/api/v2/pages?cursor=abc',
  '/rest/api/content?limit=2&start=4',
  '/ex/confluence/a1b2/wiki/api/v2/pages?cursor=abc',
  '/confluence/rest/api/content/scan?cursor=content:false:4',
  '/rest/api/content/scan?cursor=content:false:393244&limit=2',
  'api/v2/pages?cursor=abc',
  '?cursor=abc',
  '/wiki/api/v2/pages',
);
const link = fc.oneof(
  { weight: 3, arbitrary: ownPaths },
  { weight: 3, arbitrary: relative },
  { weight: 5, arbitrary: absolute },
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: nastyText },
  { weight: 1, arbitrary: fc.tuple(absolute, nastyText).map((parts) => parts.join('')) },
);
const mistyped = fc.constantFrom<unknown>(null, 0, 7, true, [], {}, ['/wiki/api/v2/pages?cursor=a'], {
  href: '/x',
});
const said = <Value>(usual: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: mistyped });

/** Links of every kind: own, foreign, tricky and broken ones, and the same for `base`, which may vouch for a stranger. */
export const listLinks: fc.Arbitrary<ListLinks> = fc.record(
  {
    _links: fc.record({ next: said(link), base: said(fc.oneof(absolute, ownPaths)) }, { requiredKeys: [] }),
    cursor: said(value),
    nextCursor: said(value),
    limit: fc.oneof(fc.integer(), fc.double(), mistyped),
  },
  { requiredKeys: ['_links'] },
);
