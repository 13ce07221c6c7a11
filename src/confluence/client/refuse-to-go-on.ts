import {
  ConfluenceUnavailable,
  CredentialsRefused,
  ScopeMissing,
  WrongConfiguration,
} from '../../sync/errors.ts';
import { lacksScope, scopeOf } from '../missing-scope.ts';
import type { Answer, Reply } from './answer.ts';
import type { ApiRequest } from './api-request.ts';

/** Passes on what a run can go on with and throws for the rest: refused credentials, a missing scope, a wrong address, nobody there. */
export function refuseToGoOn(
  answer: Answer,
  request: Pick<ApiRequest, 'what'> & Partial<Pick<ApiRequest, 'route'>>,
): Reply {
  switch (answer.kind) {
    case 'signed_out':
      if (request.route !== undefined && lacksScope(answer))
        throw new ScopeMissing(request.what, scopeOf(request.route));
      throw new CredentialsRefused(
        `${request.what} failed: ${answer.reason}; check that the user and the token are valid`,
      );
    case 'misdirected':
      throw new WrongConfiguration(`${request.what} failed: ${answer.reason}`);
    case 'failing':
      // A refusal for being one of too many is about us, never about what was asked for.
      if (answer.code === 'unreachable' || answer.code === 'http_429') throw unavailable(answer, request);
      return answer;
    case 'json':
    case 'refused':
    case 'unreadable':
      return answer;
  }
}

/** The error for a request that kept failing. */
export function unavailable(
  answer: Extract<Answer, { kind: 'failing' }>,
  request: Pick<ApiRequest, 'what'>,
): ConfluenceUnavailable {
  const cause = causes[answer.code] ?? `HTTP ${answer.code.replace('http_', '')}`;
  const failure = `${request.what} failed after ${answer.tries} tries (${cause})`;
  const silent = answer.code === 'unreachable' || answer.code === 'timeout';
  return new ConfluenceUnavailable(
    silent
      ? `Confluence at ${answer.origin} does not answer: ${failure}, the next run goes on from here`
      : `${failure}: Confluence is unavailable, the next run goes on from here`,
  );
}

const causes: Readonly<Record<string, string>> = {
  unreachable: 'no connection',
  lost: 'the connection broke',
  timeout: 'no whole answer in time',
};
