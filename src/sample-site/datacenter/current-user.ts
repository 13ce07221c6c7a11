import { createHash } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';

/** Tells who sends the request; an anonymous viewer has no key. */
export function datacenterCurrentUser(site: Site, call: Call): Answer {
  const { viewer } = call;
  const context = site.options.contextPath ?? '';
  const profilePicture = {
    path: `${context}/images/icons/profilepics/default.svg`,
    width: 48,
    height: 48,
    isDefault: true,
  };
  const links = { _links: { base: site.base(), context } };
  if (viewer.kind !== 'user')
    return jsonAnswer({ type: 'anonymous', profilePicture, displayName: 'Anonymous', ...links });
  return jsonAnswer({
    type: 'known',
    username: viewer.name,
    userKey: createHash('sha256').update(viewer.accountId).digest('hex').slice(0, 32),
    profilePicture,
    displayName: viewer.name,
    ...links,
  });
}
