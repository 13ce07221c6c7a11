import { htmlAnswer, jsonAnswer, type Answer } from '../http/answer.ts';
import type { Fault, Ground } from './fault.ts';
import { unauthorizedAnswer } from './unauthorized-answer.ts';

const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><title>Log in - Confluence</title></head><body><form action="/dologin.action" method="post"><input name="os_username"></form></body></html>';
const PROXY_PAGE =
  '<html><head><title>Web filter</title></head><body><h1>This site is being checked</h1></body></html>';

/** Faults that answer in the server's place. */
export const answeringFaults = {
  rate_limit: {
    summary: '429 with the headers of the deployment',
    parameters: {
      retry_after: {
        kind: 'text',
        usual: '1',
        meaning: 'seconds, `date` for an HTTP date, `missing`, or any text',
      },
      seconds: { kind: 'number', usual: '2', meaning: 'how far ahead the date of `retry_after=date` lies' },
    },
    answer: (ground) => {
      const message = { message: 'Rate limit exceeded', statusCode: 429 };
      return jsonAnswer(message, 429, { ...retryAfter(ground), ...limitHeaders(ground) });
    },
  },
  unavailable: {
    summary: '503 as a maintenance page',
    parameters: {
      retry_after: {
        kind: 'text',
        usual: 'missing',
        meaning: 'seconds, `date` for an HTTP date, `missing`, or any text',
      },
      seconds: { kind: 'number', usual: '2', meaning: 'how far ahead the date of `retry_after=date` lies' },
    },
    answer: (ground) => htmlAnswer('<html><body>Service Unavailable</body></html>', 503, retryAfter(ground)),
  },
  sporadic_403: {
    summary: '403 now and then, for what is allowed',
    parameters: { probability: { kind: 'number', usual: '0.1', meaning: 'the chance, from 0 to 1' } },
    answer: () => forbiddenAnswer(),
  },
  sporadic_404: {
    summary: '404 now and then, for what is there, from a failing cache in front of Confluence',
    parameters: { probability: { kind: 'number', usual: '0.1', meaning: 'the chance, from 0 to 1' } },
    answer: () => ({ ...bareNotFound(), headers: { 'x-cache': 'Error from cloudfront' } }),
  },
  server_error: {
    summary: 'an error of the server in JSON',
    parameters: { status: { kind: 'number', usual: '500', meaning: 'the HTTP status' } },
    answer: ({ values }) => {
      const status = values.number('status');
      return jsonAnswer({ statusCode: status, message: 'Internal server error' }, status);
    },
  },
  login_page: {
    summary: '200 with a login page',
    parameters: {},
    answer: () => htmlAnswer(LOGIN_PAGE, 200),
  },
  proxy_page: {
    summary: '200 from a proxy that stands before Confluence',
    parameters: {
      kind: {
        kind: 'text',
        usual: 'html',
        meaning: '`html`, `json` of its own, or `empty`',
        choices: ['html', 'json', 'empty'],
      },
    },
    answer: ({ values }) => {
      if (values.text('kind') === 'json') return jsonAnswer({ status: 'UP', proxy: 'edge-7' });
      return htmlAnswer(values.text('kind') === 'empty' ? '' : PROXY_PAGE, 200);
    },
  },
  foreign_redirect: {
    summary: 'a redirect of every request to the same path on another host',
    parameters: {
      host: { kind: 'text', usual: 'https://evil.example', meaning: 'scheme and host, with its port' },
      status: { kind: 'number', usual: '302', meaning: 'the HTTP status' },
    },
    answer: ({ call, values }) => redirectTo(`${values.text('host')}${call.path}`, values.number('status')),
  },
  downgrade_redirect: {
    summary: 'a redirect to the same address without encryption, as seen by a client that came over HTTPS',
    parameters: { status: { kind: 'number', usual: '301', meaning: 'the HTTP status' } },
    answer: ({ site, call, values }) =>
      redirectTo(`http://${new URL(site.base()).host}${call.path}`, values.number('status')),
  },
  redirect: {
    summary: 'a redirect to a login host',
    parameters: {
      to: { kind: 'text', usual: 'https://id.example.com/login', meaning: 'the address sent to' },
      status: { kind: 'number', usual: '302', meaning: 'the HTTP status' },
    },
    answer: ({ values }) => redirectTo(values.text('to'), values.number('status')),
  },
  unauthorized: {
    summary: '401, as Cloud answers an expired token and Data Center a wrong password',
    parameters: {},
    answer: ({ site }) => unauthorizedAnswer(site.options.deployment),
  },
  revoked: {
    summary: 'credentials that were taken back: v2 answers 404 for everything without naming an id, v1 403',
    parameters: {},
    answer: ({ call }) => (call.route.startsWith('/api/v2/') ? bareNotFound() : notPermitted()),
  },
  forbidden: {
    summary: '403 that says nothing about credentials',
    parameters: {},
    answer: () => forbiddenAnswer(),
  },
  captcha: {
    summary: '403 of a locked account: every further try extends the lock',
    parameters: {},
    answer: () => htmlAnswer(LOGIN_PAGE, 403, { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }),
  },
  not_found_storm: {
    summary: '404 for what is there, without naming an id',
    parameters: {
      cloudfront: { kind: 'text', usual: 'false', meaning: '`true` adds the header of a failing cache' },
    },
    answer: ({ values }) => {
      const headers = values.text('cloudfront') === 'true' ? { 'x-cache': 'Error from cloudfront' } : {};
      return { ...bareNotFound(), headers };
    },
  },
  absent: {
    summary: '404 as a web page: an endpoint that this server does not have',
    parameters: {},
    answer: () => htmlAnswer('<html><body>Oops, that page cannot be found</body></html>', 404),
  },
} as const satisfies Record<string, Fault>;

function redirectTo(location: string, status: number): Answer {
  return htmlAnswer('', status, { location });
}

function forbiddenAnswer(): Answer {
  const data = { authorized: false, valid: true, errors: [], successful: false };
  return jsonAnswer({ statusCode: 403, data, message: 'Forbidden', reason: 'Forbidden' }, 403);
}

function bareNotFound(): Answer {
  return jsonAnswer({ errors: [{ status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: null }] }, 404);
}

function notPermitted(): Answer {
  return jsonAnswer({ message: 'Current user not permitted to use Confluence', statusCode: 403 }, 403);
}

function retryAfter({ values, site }: Ground): Record<string, string> {
  const text = values.text('retry_after');
  if (text === 'missing') return {};
  if (text !== 'date') return { 'retry-after': text };
  const at = site.clock.now().getTime() + values.number('seconds') * 1_000;
  return { 'retry-after': new Date(at).toUTCString() };
}

function limitHeaders({ site, values }: Ground): Record<string, string> {
  if (site.options.deployment === 'datacenter') {
    return {
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-fillrate': '2',
      'x-ratelimit-interval-seconds': '10',
    };
  }
  const reset = new Date(site.clock.now().getTime() + values.number('seconds') * 1_000).toISOString();
  return {
    'x-ratelimit-limit': '40000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': reset,
    'ratelimit-reason': 'confluence-quota-global-based',
  };
}
