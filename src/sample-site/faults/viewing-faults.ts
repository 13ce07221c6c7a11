import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Fault } from './fault.ts';
import { nextOf, readList, withList, withNext } from './next-link.ts';

const ANONYMOUS = { kind: 'anonymous' } as const;

/** Faults in who asks, what may be seen, and how much is given. */
export const viewingFaults = {
  forbidden_space: {
    summary: 'a space that may no longer be seen: silently absent from lists, 404 by id',
    parameters: { space: { kind: 'text', usual: '', meaning: 'its key; several are parted by `+`' } },
    view: (view, values) => {
      const keys = values.text('space').toLowerCase().split('+');
      return { ...view, hiddenSpaces: view.hiddenSpaces && new Set([...view.hiddenSpaces, ...keys]) };
    },
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
      return { ...view, viewer: { kind: 'user', name, accountId: `712020:${name}`, how: 'basic' } };
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
