import { z } from 'zod';
import { part } from './part.ts';

const Message = part({ translation: z.unknown().optional() });
const Body = z.object({
  message: z.unknown().optional(),
  errors: z.array(part({ title: z.unknown().optional(), detail: z.unknown().optional() })).catch([]),
  data: part({ errors: z.array(part({ message: Message })).catch([]) }),
});

/**
 * Tells whether Confluence's own words in an error body name this id. A revoked credential gets the same 404 without it; an id
 * that is part of a path is only the request repeated.
 */
export function namesId(body: unknown, id: string): boolean {
  const parsed = Body.safeParse(body);
  if (!parsed.success) return false;
  const { message, errors, data } = parsed.data;
  const words = [
    message,
    ...errors.flatMap((error) => [error?.title, error?.detail]),
    ...(data?.errors ?? []).map((error) => error?.message?.translation),
  ];
  const name = new RegExp(`(?<![\\d/])${id}(?!\\d)`);
  return words.some((word) => typeof word === 'string' && name.test(word));
}
