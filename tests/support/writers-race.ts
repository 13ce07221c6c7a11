import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDice, type Dice } from '../../src/sample-site/dice.ts';
import { readAudit, readClaims, startAudit, type WritersAudit } from './audit-writers.ts';
import { query } from './mirror.ts';
import { createTestDatabase } from './real-postgres.ts';
import type { TickWord } from './tick-child.ts';

/** How a race is run: until so many ticks were done, with a holder struck after each `calmTicks` of them. */
export type RaceOptions = Readonly<{ writers: number; ticks: number; calmTicks: number; seed: number }>;

/** What came of it. `takeOversMs` are the times from a holder's death to the next claim of the lease. */
export type RaceResult = Readonly<{
  ticks: number;
  suspended: number;
  takeOversMs: readonly number[];
  /** Batches whose writer was told that they are stored. */
  acknowledged: number;
  /** Pages of these that are not stored, under the token that they were acknowledged under. */
  lost: readonly string[];
  /** Feed rows that carry another token than the lease had when they were written. */
  fenced: number;
  /** Writers that ended without having been killed, or failed in a way that no race explains. */
  broken: readonly string[];
  audit: WritersAudit;
}>;

/** A process that was not killed says one of these when a tick does not end well. */
const EXPECTED_ENDS = ['LeaseTaken', 'LeaseLost'];
/** Longer than the lease lives without its holder. */
const LONGEST_NAP_MS = 6_500;

type Writer = { child: ChildProcess; token: number | null; killed: boolean };

/** The state of a race. */
type Race = {
  readonly url: string;
  readonly dice: Dice;
  readonly writers: Writer[];
  readonly acknowledged: { token: number; ids: readonly string[] }[];
  readonly deaths: { token: number; at: number }[];
  readonly broken: string[];
  ticks: number;
  suspended: number;
};

/** Lets writers, processes of their own, tick against one database while the one that holds the lease is killed or suspended. */
export async function raceWriters(options: RaceOptions): Promise<RaceResult> {
  const { url, drop } = await createTestDatabase();
  const race: Race = {
    ...{ url, dice: createDice(options.seed), writers: [], acknowledged: [], deaths: [], broken: [] },
    ...{ ticks: 0, suspended: 0 },
  };
  await startAudit(url);
  for (let nth = 0; nth < options.writers; nth++) race.writers.push(startWriter(race));
  try {
    await strikeUntilDone(race, options);
    await endWriters(race);
    return await readResult(race);
  } finally {
    await endWriters(race);
    await drop();
  }
}

async function strikeUntilDone(race: Race, { ticks, calmTicks }: RaceOptions): Promise<void> {
  for (let nth = 0; race.ticks < ticks; nth++) {
    const next = race.ticks + race.dice.below(calmTicks * 2);
    while (race.ticks < next && race.broken.length === 0) await sleep(10);
    if (race.broken.length > 0) return;
    const holder = await findHolder(race);
    // At any moment of its tick: in the midst of a transaction, or between two.
    await sleep(race.dice.below(120));
    if (nth % 2 === 0) await kill(race, holder);
    else await suspend(race, holder);
  }
}

async function findHolder(race: Race): Promise<Writer> {
  for (;;) {
    const holder = race.writers.find(({ token }) => token !== null);
    if (holder !== undefined) return holder;
    await sleep(2);
  }
}

/** Kills a writer, and waits until another one holds the lease. A new writer takes the dead one's place. */
async function kill(race: Race, writer: Writer): Promise<void> {
  const { token } = writer;
  writer.killed = true;
  writer.child.kill('SIGKILL');
  const at = Date.now();
  race.writers.splice(race.writers.indexOf(writer), 1, startWriter(race));
  const [state] = await query<{ token: number; held: boolean }>(
    race.url,
    'select lease_token::int as token, lease_holder is not null as held from confluence_sync_state',
  );
  // It may just have given the lease back.
  if (token === null || state?.held !== true || state.token !== token) return;
  race.deaths.push({ token, at });
  for (let waited = 0; waited < 20_000 && (await readClaims(race.url)).at(-1)?.token === token; waited += 50)
    await sleep(50);
}

/** Suspends a writer for a while, which is longer or shorter than its lease lives. */
async function suspend(race: Race, { child }: Writer): Promise<void> {
  race.suspended++;
  child.kill('SIGSTOP');
  await sleep(LONGEST_NAP_MS - race.dice.below(race.dice.below(2) === 0 ? 1_500 : 6_000));
  child.kill('SIGCONT');
}

function startWriter(race: Race): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'tick-child.ts')], {
    env: { PATH: process.env['PATH'], DATABASE_URL: race.url, SEED: String(race.dice.bits()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const writer: Writer = { child, token: null, killed: false };
  createInterface({ input: child.stdout }).on('line', (line) => {
    hear(race, writer, JSON.parse(line) as TickWord);
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.once('close', (code) => {
    if (!writer.killed) race.broken.push(`a writer ended with ${String(code)}: ${said}`);
  });
  return writer;
}

function hear(race: Race, writer: Writer, word: TickWord): void {
  switch (word.kind) {
    case 'granted':
      writer.token = word.token;
      break;
    case 'loaded':
      race.acknowledged.push(word);
      break;
    case 'done':
      writer.token = null;
      race.ticks++;
      break;
    case 'ended':
      writer.token = null;
      if (!EXPECTED_ENDS.includes(word.by)) race.broken.push(`a tick ended by ${word.by}: ${word.why}`);
  }
}

async function endWriters({ writers }: Race): Promise<void> {
  await Promise.all(
    writers.splice(0).map(async (writer) => {
      if (writer.child.exitCode !== null || writer.child.signalCode !== null) return;
      const ended = new Promise((resolve) => writer.child.once('close', resolve));
      writer.killed = true;
      writer.child.kill('SIGKILL');
      await ended;
    }),
  );
}

async function readResult(race: Race): Promise<RaceResult> {
  const claims = await readClaims(race.url);
  const takeOversMs = race.deaths.map(({ token, at }) => {
    const next = claims.find((claim) => claim.token > token);
    return next === undefined ? Infinity : Math.round(next.at - at);
  });
  const rows = await query<{ id: string; token: string }>(
    race.url,
    `select page_id as id, run_id as token from confluence_page_changes where kind = 'created'`,
  );
  const stored = new Set(rows.map(({ id, token }) => `${id} of ${token}`));
  const acked = race.acknowledged.flatMap(({ token, ids }) => ids.map((id) => `${id} of ${token}`));
  const [fenced] = await query<{ rows: number }>(
    race.url,
    `select count(*)::int as rows from audit.rows join confluence_page_changes using (seq) where run_id <> token::text`,
  );
  return {
    ...{ ticks: race.ticks, suspended: race.suspended, takeOversMs, broken: race.broken },
    ...{ acknowledged: race.acknowledged.length, lost: acked.filter((page) => !stored.has(page)) },
    ...{ fenced: fenced?.rows ?? 0, audit: await readAudit(race.url) },
  };
}
