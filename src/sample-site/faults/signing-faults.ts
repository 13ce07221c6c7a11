import { READER_SCOPES } from '../oauth/scopes.ts';
import { unauthorizedAnswer } from './unauthorized-answer.ts';
import type { Fault } from './fault.ts';

/** Faults in credentials: what they are worth, and for how long. */
export const signingFaults = {
  token_revoked: {
    summary: '401 from the tenth request on: the token was taken back in the middle of a run',
    parameters: {
      after: { kind: 'number', usual: '10', meaning: 'requests that are still answered' },
    },
    answer: ({ site }) => unauthorizedAnswer(site.options.deployment),
  },
  identity_changes: {
    summary: 'from the tenth request on the credentials are another account',
    parameters: {
      account: { kind: 'text', usual: 'somebody-else', meaning: 'the name of the other account' },
      after: { kind: 'number', usual: '10', meaning: 'requests that are answered to the first account' },
    },
    view: (view, values) => {
      const name = values.text('account');
      const accountId = `712020:${name}`;
      return { ...view, viewer: { kind: 'user', name, accountId, how: 'basic', scoped: false } };
    },
  },
  short_tokens: {
    summary: 'tokens given for client credentials live for a moment',
    only: 'cloud',
    parameters: { seconds: { kind: 'number', usual: '1', meaning: 'how long they live' } },
    view: (view, values) => ({ ...view, tokenSeconds: values.number('seconds') }),
  },
  missing_scope: {
    summary: '401 that says so on the routes of a scope that the token lacks',
    only: 'cloud',
    parameters: {
      scope: {
        kind: 'text',
        usual: 'read:page:confluence',
        meaning: `several are parted by \`+\`; there are ${READER_SCOPES.join(', ')}`,
      },
    },
    view: (view, values) => {
      const lacking = values.text('scope').split('+');
      const missing = READER_SCOPES.filter((scope) => lacking.includes(scope));
      return { ...view, missingScopes: new Set([...view.missingScopes, ...missing]) };
    },
  },
  scoped_token: {
    summary:
      'the credentials are a scoped token: 401 as a web page at the site’s own address, all well through the gateway',
    only: 'cloud',
    parameters: {},
    view: (view) =>
      view.viewer.kind === 'user' ? { ...view, viewer: { ...view.viewer, scoped: true } } : view,
  },
} as const satisfies Record<string, Fault>;
