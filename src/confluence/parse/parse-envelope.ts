import { z } from 'zod';
import { part } from './part.ts';

/** The frame of every list: its rows, and what is believed of its links only as far as the walk checks it. */
export type Envelope = z.infer<typeof Frame>;

const NO_ADDRESS = 'http://';

const text = z.string().optional().catch(undefined);

/** A count as a number or its digits. */
const count = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);

/** A link, or what stands in its place and is none: an address that leads nowhere. */
const link = z
  .union([z.string(), z.null().transform(() => undefined), z.unknown().transform(() => NO_ADDRESS)])
  .optional();

const Frame = z.object({
  results: z.array(z.unknown()),
  limit: count,
  size: count,
  cursor: text,
  nextCursor: text,
  _links: part({ next: link, base: text }),
});

/** Reads a list's frame; null where the value is no list of Confluence. */
export function parseEnvelope(value: unknown): Envelope | null {
  const parsed = Frame.safeParse(value);
  return parsed.success ? parsed.data : null;
}
