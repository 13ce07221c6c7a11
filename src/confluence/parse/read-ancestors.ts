import { z } from 'zod';
import type { Standing } from '../../sync/page.ts';
import { readContentId } from './read-content-id.ts';

const Ancestors = z.array(z.object({ id: z.unknown().optional() }));

/** Reads Data Center's `ancestors`: all that is above a page, root first. What cannot be read leaves the page's place open. */
export function readAncestors(value: unknown): Omit<Standing, 'id'> {
  const ids = Ancestors.safeParse(value).data?.map(({ id }) => readContentId(id)) ?? null;
  const whole = ids === null || ids.includes(null) ? null : ids.filter((id) => id !== null);
  return { parentId: ids?.at(-1) ?? null, ancestorIds: whole };
}
