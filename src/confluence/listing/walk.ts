import type { Reply } from '../client/answer.ts';
import { TRIES, type Client } from '../client/create-client.ts';
import { unavailable } from '../client/refuse-to-go-on.ts';
import { parseEnvelope, type Envelope } from '../parse/parse-envelope.ts';
import { createLimitLadder, type LimitLadder } from './create-limit-ladder.ts';
import type { Advance, Pager } from './pager.ts';

/** One answer of a list, or the end of the walk. */
export type WalkEvent =
  | Readonly<{ kind: 'rows'; rows: readonly unknown[]; base: string | undefined; lossy: boolean }>
  | Readonly<{ kind: 'end' }>
  | Readonly<{ kind: 'broken'; reason: string }>
  /** Confluence refused the list; `started` tells that parts of it had come before. */
  | Readonly<{ kind: 'refused'; status: number; value: unknown; started: boolean }>;

/** What a walk needs. `isUp` tells whether Confluence answers at all, waiting some time for it to come back. */
export type WalkParts = Readonly<{ client: Client; isUp: (signal: AbortSignal) => Promise<boolean> }>;

const MOST_EMPTY = 10;
const MOST_ANSWERS = 200_000;
/** Tries at a smaller size, once the full size has had all of its own. */
const SHRUNK_TRIES = 2;

type Step =
  | Readonly<{ kind: 'list'; envelope: Envelope; lossy: boolean }>
  | Readonly<{ kind: 'refused'; status: number; value: unknown }>
  | Extract<WalkEvent, { kind: 'broken' }>;

/**
 * Walks a list to its end, one event an answer. Asks for less where the server fails or answers too much, and for heads where
 * bodies cannot be carried. Ends as broken where the list turns in circles; throws where Confluence is gone.
 */
export async function* walk(
  parts: WalkParts,
  pager: Pager,
  bodies: boolean,
  signal: AbortSignal,
): AsyncGenerator<WalkEvent, void> {
  const ask = createAsk(parts, pager, bodies, signal);
  const seen = new Set<string | null>([null]);
  let position: string | null = null;
  for (let answers = 1, empty = 0; ; answers++) {
    const step = await ask(position);
    if (step.kind !== 'list') {
      yield step.kind === 'refused' ? { ...step, started: position !== null } : step;
      return;
    }
    const { envelope, lossy } = step;
    yield { kind: 'rows', rows: envelope.results, base: envelope._links?.base, lossy };
    empty = envelope.results.length === 0 ? empty + 1 : 0;
    const advance = bounded(pager.advance(envelope, position), seen, empty, answers);
    if (advance.kind !== 'next') {
      yield advance;
      return;
    }
    position = advance.position;
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
  const heads = createLimitLadder(pager.sizes.heads);
  const full = createLimitLadder(pager.sizes.bodies);
  return async (position: string | null): Promise<Step> => {
    const carried = bodies ? await askShrinking(parts, pager, full, position, true, signal) : null;
    if (carried !== null) return carried;
    const step = await askShrinking(parts, pager, heads, position, false, signal);
    return step ?? broken('an answer could not be read');
  };
}

/** Asks with ever smaller sizes until an answer can be used; null where even the smallest cannot be carried. */
async function askShrinking(
  parts: WalkParts,
  pager: Pager,
  ladder: LimitLadder,
  position: string | null,
  bodies: boolean,
  signal: AbortSignal,
): Promise<Step | null> {
  for (let tries = TRIES; ; tries = SHRUNK_TRIES) {
    const request = { ...pager.request(position, ladder.size(), bodies), tries };
    const reply = await parts.client.get(request, signal);
    const step = readStep(reply);
    if (step?.kind === 'list') ladder.worked();
    if (step !== null) return step;
    if (reply.kind === 'failing' && !(await parts.isUp(signal))) throw unavailable(reply, request);
    // Bodies that are too much together are fetched one by one: the heads say of what.
    if (reply.kind === 'unreadable' && bodies) return null;
    if (ladder.shrink()) continue;
    if (reply.kind === 'failing' && !bodies) throw unavailable(reply, request);
    return null;
  }
}

function readStep(reply: Reply): Step | null {
  if (reply.kind === 'refused' && reply.status !== 413 && reply.status !== 414) return reply;
  const envelope = reply.kind === 'json' ? parseEnvelope(reply.value) : null;
  return envelope === null || reply.kind !== 'json' ? null : { kind: 'list', envelope, lossy: reply.lossy };
}
