import type { Answer } from './answer.ts';

const LOGIN_WORD =
  /(?:^|[^a-z])(?:login|signin|sso|saml2?|oauth2?|oidc|auth|authorize|os_destination|permissionviolation|adfs)(?:[^a-z]|$)/i;

/** Reads a redirect, which is never followed: to a login it means refused credentials, elsewhere a wrong address. */
export function redirectAnswer(status: number, location: string | undefined, from: string): Answer {
  const target = location !== undefined && URL.canParse(location, from) ? new URL(location, from) : null;
  const text = target === null ? '' : `${target.hostname}${target.pathname}${target.search}`;
  if (LOGIN_WORD.test(text) || target?.hostname === 'id.atlassian.com')
    return {
      kind: 'signed_out',
      status,
      value: undefined,
      reason: 'Confluence redirected to a login page',
    };
  const where = target === null ? 'nowhere' : target.origin;
  return {
    kind: 'misdirected',
    status,
    reason: `it was redirected to ${where} (HTTP ${status}): set CONFLUENCE_BASE_URL to the address that Confluence really has`,
  };
}
