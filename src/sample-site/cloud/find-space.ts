import type { SiteSpace } from '../content.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { readId } from './read-query.ts';
import { v2Error } from './v2-error.ts';

/** The space whose id is in the path; throws a refusal where there is none that may be seen. */
export function findSpace(site: Site, call: Call): SiteSpace {
  const id = readId(call.param('id'), 'id');
  const space = site.library.spaces.find((one) => one.id === id);
  if (space === undefined || !call.seesSpace(space.index)) {
    throw v2Error(404, 'NOT_FOUND', `Cannot find a space with id [${id}]`);
  }
  return space;
}
