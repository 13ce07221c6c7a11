import { z } from 'zod';
import type { Identity } from '../sync/source.ts';
import { ConfluenceUnavailable, CredentialsRefused } from '../sync/errors.ts';
import type { Answer } from './client/answer.ts';
import type { ApiRequest } from './client/api-request.ts';
import type { Client } from './client/create-client.ts';
import { refuseToGoOn, unavailable } from './client/refuse-to-go-on.ts';
import { lacksScope, scopeOf } from './missing-scope.ts';

const WHAT = 'asking Confluence who the credentials are';
const PATH = '/rest/api/user/current';
/** Tries while waiting for Confluence to come back: about a minute and a half at most. */
const PATIENT_TRIES = 8;

/** Asks who the credentials are. Throws `CredentialsRefused` where they are nobody's, `ConfluenceUnavailable` without an answer. */
export async function askWhoAmI(client: Client, root: string, signal: AbortSignal): Promise<Identity> {
  const answer = await client.ask(currentUser(root), signal);
  const identity = readIdentity(answer);
  if (identity !== null) return identity;
  const reply = refuseToGoOn(answer, { what: WHAT });
  if (reply.kind === 'refused') throw shutOut();
  if (reply.kind === 'failing') throw unavailable(reply, { what: WHAT });
  throw new ConfluenceUnavailable(
    `${WHAT} failed: the answers cannot be read, the next run goes on from here`,
  );
}

/** Tells whether Confluence answers at all, patiently. Throws where the answer is that the credentials are refused. */
export async function askIsUp(client: Client, root: string, signal: AbortSignal): Promise<boolean> {
  const answer = await client.ask({ ...currentUser(root), tries: PATIENT_TRIES }, signal);
  if (readIdentity(answer) !== null) return true;
  const reply = refuseToGoOn(answer, { what: WHAT });
  if (reply.kind === 'refused') throw shutOut();
  return reply.kind !== 'failing';
}

function shutOut(): CredentialsRefused {
  return new CredentialsRefused(
    `${WHAT} failed: Confluence permits its use neither to this account nor to visitors without one, or the token is wrong; check both`,
  );
}

function currentUser(root: string): ApiRequest {
  return { root, path: PATH, query: [], route: PATH, what: WHAT };
}

const text = z.string().min(1).optional().catch(undefined);
const User = z.object({
  type: text,
  accountId: text,
  userKey: text,
  username: text,
  displayName: text,
  publicName: text,
});
const Message = z.object({ message: z.string() });

function readIdentity(answer: Answer): Identity | null {
  if (answer.kind === 'json') return readUser(answer.value);
  if (answer.kind === 'misdirected' && answer.status === 410) return unknown('HTTP 410');
  // A scoped token that may read pages but not this endpoint gets a 401 that says so.
  if (lacksScope(answer)) return unknown(`the token lacks the scope ${scopeOf(PATH)}`);
  if (answer.kind !== 'refused') return null;
  const message = Message.safeParse(answer.value).data?.message ?? '';
  const isShutOut = answer.status === 403 && /not permitted to use confluence/i.test(message);
  return isShutOut ? null : unknown(`HTTP ${answer.status}`);
}

function readUser(value: unknown): Identity {
  const user = User.safeParse(value).data;
  if (user?.type === 'anonymous') return { kind: 'anonymous' };
  const id = user?.accountId ?? user?.userKey ?? user?.username;
  if (user === undefined || id === undefined || (user.type ?? 'known') !== 'known')
    return unknown('the answer names no user');
  return { kind: 'user', id, displayName: user.displayName ?? user.publicName ?? id };
}

function unknown(why: string): Identity {
  return {
    kind: 'unknown',
    reason: `the endpoint that tells who the credentials are is out of reach (${why})`,
  };
}
