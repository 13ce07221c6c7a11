import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';

/** Tells who sends the request, in the shape of the v1 API. */
export function cloudCurrentUser(site: Site, call: Call): Answer {
  const { viewer } = call;
  const links = {
    _links: { base: site.base(), context: '/wiki', self: `${site.base()}/rest/api/user/current` },
  };
  if (viewer.kind !== 'user')
    return jsonAnswer({ type: 'anonymous', displayName: 'Anonymous', profilePicture: picture(), ...links });
  return jsonAnswer({
    type: 'known',
    accountId: viewer.accountId,
    accountType: 'atlassian',
    email: '',
    publicName: viewer.name,
    displayName: viewer.name,
    profilePicture: picture(),
    isExternalCollaborator: false,
    ...links,
  });
}

function picture(): Record<string, unknown> {
  return { path: '/wiki/aa-avatar/default', width: 48, height: 48, isDefault: true };
}
