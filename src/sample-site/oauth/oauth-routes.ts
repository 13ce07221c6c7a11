import { z } from 'zod';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Route, Site } from '../http/site.ts';
import { READER_SCOPES } from './scopes.ts';

const Grant = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});

/** What Atlassian's own hosts answer for a site: tokens for client credentials, and which sites a token opens. */
export const oauthRoutes: readonly Route[] = [
  { method: 'POST', path: '/oauth/token', handle: giveToken, open: true },
  { method: 'GET', path: '/oauth/token/accessible-resources', handle: listResources },
];

/** Exchanges client credentials, in JSON or as a form, for a token; without credentials of its own the site takes any. */
async function giveToken(site: Site, call: Call): Promise<Answer> {
  const asked = Grant.safeParse(readBody(await call.text()));
  if (!asked.success)
    return refused(
      400,
      'invalid_request',
      'grant_type must be client_credentials, with client_id and client_secret',
    );
  const { client_id: clientId, client_secret: clientSecret } = asked.data;
  const wanted = site.options.credentials ?? null;
  const known =
    wanted === null ||
    ('clientId' in wanted && wanted.clientId === clientId && wanted.clientSecret === clientSecret);
  if (!known) return refused(401, 'access_denied', 'Unauthorized');
  const seconds = call.view.tokenSeconds;
  const access_token = site.tokens.grant(clientId, seconds);
  return jsonAnswer({
    access_token,
    expires_in: seconds,
    token_type: 'Bearer',
    scope: READER_SCOPES.join(' '),
  });
}

function listResources(site: Site, call: Call): Answer {
  if (call.viewer.kind !== 'user') return jsonAnswer({ code: 401, message: 'Unauthorized' }, 401);
  const [url] = site.base().split('/wiki');
  const avatarUrl = `${site.base()}/avatar`;
  return jsonAnswer([{ id: site.cloudId, url, name: 'sample', scopes: READER_SCOPES, avatarUrl }]);
}

function refused(status: number, error: string, description: string): Answer {
  return jsonAnswer({ error, error_description: description }, status);
}

function readBody(text: string): unknown {
  if (!text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
