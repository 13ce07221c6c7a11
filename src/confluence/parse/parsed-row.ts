import type { PageHead, PageFailure } from '../../sync/page.ts';

/** What one row of a list, or a single answer, holds. */
export type ParsedRow =
  /** A live page; `storage` is its body, or null where the row carried none that can be used. */
  | Readonly<{ kind: 'live'; head: PageHead; storage: string | null; damaged: boolean }>
  | PageFailure
  /** Content that is none of ours: trashed, a draft, another type. */
  | Readonly<{ kind: 'other'; id: string; status: string | null }>
  /** A row that does not even say which content it is. */
  | Readonly<{ kind: 'unusable'; reason: string }>;
