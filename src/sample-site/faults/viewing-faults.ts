import type { SiteSpace } from '../content.ts';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import { chooseSpaces } from './choose-spaces.ts';
import type { Fault } from './fault.ts';
import { nextOf, readList, withList, withNext } from './next-link.ts';

const SPACE = {
  kind: 'text',
  usual: '',
  meaning: 'its key; several are parted by `+`; the one in the middle unless told',
} as const;
const ANONYMOUS = { kind: 'anonymous' } as const;

/** Faults in who asks, what may be seen, and how much is given. */
export const viewingFaults = {
  forbidden_space: {
    summary: 'a space that may no longer be seen: silently absent from lists, 404 by id',
    parameters: { space: SPACE },
    view: (view, values, site) => {
      const keys = chooseSpaces(site, values);
      return { ...view, hiddenSpaces: view.hiddenSpaces && new Set([...view.hiddenSpaces, ...keys]) };
    },
  },
  space_refused: {
    summary: 'a space that stands in the list of spaces, and answers 403 for its pages',
    parameters: { space: SPACE },
    answer: ({ site, call, values }) => {
      const keys = chooseSpaces(site, values);
      const refused = site.library.spaces.filter(({ key }) => keys.includes(key.toLowerCase()));
      const asks = (one: SiteSpace): boolean =>
        call.route.startsWith(`/api/v2/spaces/${one.id}/`) ||
        call.route.startsWith(`/rest/api/space/${one.key}/content`) ||
        (call.query.get('spaceKey') === one.key && call.route.startsWith('/rest/api/content'));
      return refused.some(asks) ? jsonAnswer({ statusCode: 403, message: 'Forbidden' }, 403) : null;
    },
  },
  cql_zone: {
    summary: 'a search reads its dates in another time zone than the one the answers are in',
    parameters: { offset: { kind: 'text', usual: '-12:00', meaning: 'the zone, from -12:00 to +14:00' } },
    view: (view, values) => ({ ...view, searchOffset: values.text('offset') }),
  },
  index_lag: {
    summary: 'the search knows of edits only after a while',
    parameters: { seconds: { kind: 'number', usual: '30', meaning: 'how long the while is' } },
    view: (view, values, site) => ({
      ...view,
      searchUpTo: site.clock.now().getTime() - values.number('seconds') * 1_000,
    }),
  },
  anonymous: {
    summary: 'the credentials are not looked at: the anonymous view, with 200',
    parameters: { sees: { kind: 'text', usual: 'everything', meaning: '`everything` or `nothing`' } },
    view: (view, values) => ({
      ...view,
      viewer: ANONYMOUS,
      hiddenSpaces: values.text('sees') === 'nothing' ? null : view.hiddenSpaces,
    }),
  },
  seraph_failed: {
    summary: '200 with nothing in it and `X-Seraph-LoginReason: AUTHENTICATED_FAILED`',
    parameters: {},
    view: (view) => ({ ...view, viewer: ANONYMOUS, hiddenSpaces: null }),
    rewrite: (answer) => ({
      ...emptied(answer),
      headers: { ...answer.headers, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    }),
  },
  other_identity: {
    summary: 'the credentials turn out to be another account',
    parameters: {
      account: { kind: 'text', usual: 'somebody-else', meaning: 'the name of the other account' },
    },
    view: (view, values) => {
      const name = values.text('account');
      return {
        ...view,
        viewer: { kind: 'user', name, accountId: `712020:${name}`, how: 'basic', scoped: false },
      };
    },
  },
  capped_limit: {
    summary: 'the server gives fewer rows than were asked for, and says so only in the body, if at all',
    parameters: {
      limit: { kind: 'number', usual: '10', meaning: 'rows given at most' },
      wrong_start: {
        kind: 'text',
        usual: 'false',
        meaning: '`true`: Data Center’s `next` skips the rows not given',
      },
    },
    view: (view, values) => ({ ...view, cap: values.number('limit') }),
    rewrite: (answer, { call, values }) => {
      const asked = Number(call.query.get('limit') ?? NaN);
      const start = Number(call.query.get('start') ?? '0') + asked;
      const wrong = values.text('wrong_start') === 'true' && Number.isFinite(start);
      return wrong ? withStart(answer, start) : answer;
    },
  },
} as const satisfies Record<string, Fault>;

function emptied(answer: Answer): Answer {
  const list = readList(answer);
  if (list !== null) return withNext(withList(answer, { ...list, results: [] }), null);
  return answer.status === 200 ? answer : jsonAnswer({ results: [], _links: {} });
}

function withStart(answer: Answer, start: number): Answer {
  const next = nextOf(answer);
  return next === null ? answer : withNext(answer, next.replace(/([?&]start=)\d+/, `$1${start}`));
}
