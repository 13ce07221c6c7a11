import { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { Reply } from '../client/answer.ts';
import { TRIES, type Client } from '../client/create-client.ts';
import { unavailable } from '../client/refuse-to-go-on.ts';
import { parseEnvelope, type Envelope } from '../parse/parse-envelope.ts';
import { createLimitLadder, type LimitLadder } from './create-limit-ladder.ts';
import type { Advance, Pager } from './pager.ts';

/** One answer of a list, or the end of the walk. */
export type WalkEvent =
  | Readonly<{
      kind: 'rows';
      rows: readonly unknown[];
      base: string | undefined;
      lossy: boolean;
      /** The first row should be the last one of the answer before. */
      overlaps?: boolean;
    }>
  /** A single row that Confluence, up otherwise, fails on; the walk goes on behind it. */
  | Readonly<{ kind: 'hole'; error: ConfluenceUnavailable }>
  | Readonly<{ kind: 'end' }>
  | Readonly<{ kind: 'broken'; reason: string }>
  /** Confluence, up otherwise, fails on the next row alone, and nothing leads past it. */
  | Readonly<{ kind: 'blocked'; error: ConfluenceUnavailable }>
  /** Confluence refused the list; `started` tells that parts of it had come before. */
  | Readonly<{ kind: 'refused'; status: number; value: unknown; started: boolean }>;

/** What a walk needs. `isUp` tells whether Confluence answers at all, waiting some time for it to come back. */
export type WalkParts = Readonly<{ client: Client; isUp: (signal: AbortSignal) => Promise<boolean> }>;

const MOST_EMPTY = 10;
const MOST_ANSWERS = 200_000;
/** Tries at a smaller size, once the full size has had all of its own. */
const SHRUNK_TRIES = 2;
/** Rows that are stepped over: in a row, where it is the list that fails, and in all. */
const HOLES_IN_A_ROW = 2;
const MOST_HOLES = 10;

type Step =
  | Readonly<{ kind: 'list'; envelope: Envelope; lossy: boolean }>
  | Readonly<{ kind: 'refused'; status: number; value: unknown }>
  | Readonly<{ kind: 'stuck'; error: ConfluenceUnavailable }>;

/**
 * Walks a list to its end, one event an answer. Asks for less where the server fails or answers too much, for heads where
 * bodies cannot be carried, and steps over single rows where the list's positions allow it. Ends as broken where the list
 * turns in circles; throws where Confluence is gone.
 */
export async function* walk(
  parts: WalkParts,
  pager: Pager,
  bodies: boolean,
  signal: AbortSignal,
): AsyncGenerator<WalkEvent, void> {
  const ask = createAsk(parts, pager, bodies, signal);
  const seen = new Set<string | null>([null]);
  const holes = { all: 0, inARow: 0 };
  let position: string | null = null;
  let overlaps = false;
  for (let answers = 1, empty = 0; ; answers++) {
    const step = await ask(position);
    if (step.kind === 'refused') {
      yield { ...step, started: position !== null };
      return;
    }
    if (step.kind === 'stuck') {
      const isRow = ++holes.all <= MOST_HOLES && ++holes.inARow <= HOLES_IN_A_ROW;
      const behind: string | null = isRow ? (pager.over?.(position) ?? null) : null;
      yield { kind: behind === null ? 'blocked' : 'hole', error: step.error };
      if (behind === null) return;
      position = behind;
      continue;
    }
    const { envelope, lossy } = step;
    holes.inARow = 0;
    yield { kind: 'rows', rows: envelope.results, base: envelope._links?.base, lossy, overlaps };
    empty = envelope.results.length === 0 ? empty + 1 : 0;
    const advance = bounded(pager.advance(envelope, position), seen, empty, answers);
    if (advance.kind !== 'next') {
      yield advance;
      return;
    }
    position = advance.position;
    overlaps = advance.overlaps === true;
    seen.add(position);
  }
}

function bounded(
  advance: Advance,
  seen: ReadonlySet<string | null>,
  empty: number,
  answers: number,
): Advance {
  if (advance.kind !== 'next') return advance;
  if (seen.has(advance.position)) return broken('Confluence gave the same cursor twice');
  if (empty >= MOST_EMPTY) return broken(`Confluence gave ${MOST_EMPTY} empty answers in a row`);
  if (answers >= MOST_ANSWERS) return broken(`the list had no end after ${MOST_ANSWERS} answers`);
  return advance;
}

function broken(reason: string): Extract<WalkEvent, { kind: 'broken' }> {
  return { kind: 'broken', reason };
}

function createAsk(parts: WalkParts, pager: Pager, bodies: boolean, signal: AbortSignal) {
  const careful = pager.careful === true;
  const heads = createLimitLadder(pager.sizes.heads, careful);
  const full = createLimitLadder(pager.sizes.bodies, careful);
  return async (position: string | null): Promise<Step> => {
    const carried = bodies ? await askShrinking(parts, pager, full, position, true, signal) : null;
    if (carried !== null && carried.kind !== 'stuck') return carried;
    return await askShrinking(parts, pager, heads, position, false, signal);
  };
}

/** Asks with ever smaller sizes until an answer can be used, or not even a single row can be carried. */
async function askShrinking(
  parts: WalkParts,
  pager: Pager,
  ladder: LimitLadder,
  position: string | null,
  bodies: boolean,
  signal: AbortSignal,
): Promise<Step> {
  let before: Reply | null = null;
  for (;;) {
    const asked = pager.request(position, ladder.size(), bodies);
    const request = { ...asked, tries: triesAt(ladder, before) };
    const reply: Reply = await parts.client.get(request, signal);
    const step = readStep(reply);
    if (step?.kind === 'list') ladder.worked();
    if (step !== null) return step;
    if (reply.kind === 'failing' && !(await parts.isUp(signal))) throw unavailable(reply, request);
    before = reply;
    // Bodies that are too much together are fetched one by one: the heads say of what.
    if (reply.kind === 'unreadable' && bodies) return stuck(reply, request);
    if (ladder.shrink()) continue;
    ladder.forgive();
    return stuck(reply, request);
  }
}

/** Only the first size and the last, which is blamed on a row, have all tries; a time-out costs too much to repeat. */
function triesAt(ladder: LimitLadder, before: Reply | null): number {
  const isTimedOut = before?.kind === 'failing' && before.code === 'timeout';
  if (ladder.size() === 1) return isTimedOut ? SHRUNK_TRIES : TRIES;
  if (before === null && ladder.isSteady()) return TRIES;
  return isTimedOut ? 1 : SHRUNK_TRIES;
}

function stuck(reply: Reply, request: Parameters<typeof unavailable>[1]): Step {
  if (reply.kind === 'failing') return { kind: 'stuck', error: unavailable(reply, request) };
  const message = `${request.what} failed: an answer could not be read, the next run goes on from here`;
  return { kind: 'stuck', error: new ConfluenceUnavailable(message) };
}

function readStep(reply: Reply): Exclude<Step, { kind: 'stuck' }> | null {
  if (reply.kind === 'refused' && reply.status !== 413 && reply.status !== 414) return reply;
  const envelope = reply.kind === 'json' ? parseEnvelope(reply.value) : null;
  return envelope === null || reply.kind !== 'json' ? null : { kind: 'list', envelope, lossy: reply.lossy };
}
