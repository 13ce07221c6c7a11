import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { Refusal } from '../http/refusal.ts';
import type { Site } from '../http/site.ts';

/** Tells the server's version to those who are signed in. */
export function serverInformation(site: Site, call: Call): Answer {
  if (call.viewer.kind !== 'user')
    throw new Refusal(jsonAnswer({ statusCode: 401, message: 'Unauthorized' }, 401));
  return jsonAnswer({
    baseUrl: site.base(),
    version: '9.2.1',
    buildNumber: '9111',
    marketplaceBuildNumber: '1000000009111',
    buildDate: '2025-02-11T00:00:00.000+0000',
  });
}
