import { htmlAnswer, type Answer } from '../http/answer.ts';

/** The answer to wrong credentials. */
export function unauthorizedAnswer(deployment: 'cloud' | 'datacenter'): Answer {
  const page =
    '<!doctype html><html lang="en"><head><title>HTTP Status 401 – Unauthorized</title></head><body><h1>HTTP Status 401 – Unauthorized</h1></body></html>';
  const headers =
    deployment === 'cloud'
      ? {
          'www-authenticate': 'OAuth realm="https%3A%2F%2Fsample"',
          'x-failure-category': 'FAILURE_CLIENT_AUTH_MISMATCH',
        }
      : {
          'x-seraph-loginreason': 'AUTHENTICATED_FAILED',
          'www-authenticate': 'Basic realm="protected-area"',
        };
  return htmlAnswer(page, 401, headers);
}
