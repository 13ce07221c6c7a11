import type { ApiRequest } from '../client/api-request.ts';
import type { Envelope } from '../parse/parse-envelope.ts';

/** How one kind of list is paged. Positions are opaque to the walk; null is the start. */
export type Pager = Readonly<{
  /** What the walk does, as the subject of a sentence: `listing space HR`. */
  what: string;
  /** Largest sizes to ask for. */
  sizes: Readonly<{ heads: number; bodies: number }>;
  /** Begins with a single row: the first ones are doubtful. */
  careful?: boolean;
  request: (position: string | null, size: number, bodies: boolean) => ApiRequest;
  advance: (envelope: Envelope, position: string | null) => Advance;
  /** The position behind the row at this one; absent where positions are Confluence's own and cannot be made. */
  over?: (position: string | null) => string;
}>;

/** Where a list goes on after an answer. */
export type Advance =
  /** With `overlaps` the next answer begins with the last row of this one, unless rows went meanwhile. */
  | Readonly<{ kind: 'next'; position: string; overlaps?: boolean }>
  | Readonly<{ kind: 'end' }>
  | Readonly<{ kind: 'broken'; reason: string }>;
