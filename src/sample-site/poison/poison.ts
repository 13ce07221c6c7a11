import type { PoisonKind } from './poison-kinds.ts';

/** What is wrong with a page, and how much of it. */
export type Poison = Readonly<{ kind: PoisonKind; bytes?: number; depth?: number }>;
