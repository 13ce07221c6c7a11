import type { Content } from './content.ts';
import { poisonKinds } from './poison/poison-kinds.ts';
import type { Served } from './poison/served.ts';
import { bodyOf } from './state/body-of.ts';
import type { Library } from './state/library.ts';

/** A page as the API tells it, poison included. The body is made only where it is wanted. */
export function servedPage(library: Library, content: Content, withBody: boolean): Served {
  const served: Served = {
    id: content.id,
    title: content.title,
    status: content.status,
    version: { number: content.version, when: content.updatedAt },
    storage: withBody ? bodyOf(library, content) : '',
    extra: {},
  };
  return content.poison === null ? served : poisonKinds[content.poison.kind].apply(served, content.poison);
}
