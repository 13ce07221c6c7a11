import { InvalidArgumentError, type Command } from 'commander';
import { parseDatabaseAddress } from '../postgres/database-address.ts';
import type { Database } from '../postgres/open-database.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { followFolder } from './follow-folder.ts';
import { followMirror } from './follow-mirror.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { requireTables } from './require-tables.ts';
import { wholeNumber } from './whole-number.ts';
import { writeRows } from './write-rows.ts';

type Options = Readonly<{ after?: string; limit?: number; follow: boolean }>;
type Change = Extract<Awaited<ReturnType<Database['queries']['changes']>>, { kind: 'rows' }>['rows'][number];

/** How far the reading has come: the last `seq` written, how many rows may still come, and what ended it, if anything did. */
type Reading = {
  after: string | null;
  left: number;
  ended: Readonly<{ kind: 'no' | 'done' } | { kind: 'removed'; upTo: string }>;
};

const SLICE = 500;
const GREATEST_SEQ = 9_223_372_036_854_775_807n;
const HELP = `
One JSON object a line, with the columns of confluence_page_changes, in the order in which the changes were committed. seq is a
number up to 9007199254740991 and a string above. Go on with --after and the last seq you have seen; gaps are normal.

Ends with 65 when rows after your place were removed (CHANGES_KEEP_DAYS): read the tables anew then.`;

/** `changes`: the feed, one change a line. */
export function addChanges(program: Command, context: CliContext): void {
  program
    .command('changes')
    .description('the change feed as lines of JSON, in the order of commits')
    .option('--after <seq>', 'only what comes after this seq', readSeq)
    .option('--limit <number>', 'lines at most', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--follow', 'wait for more, until told to stop', false)
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      context.exit.code = await changes(options, context);
    });
}

function readSeq(text: string): string {
  if (!/^\d{1,19}$/.test(text) || BigInt(text) > GREATEST_SEQ)
    throw new InvalidArgumentError('It must be the seq of a change, a whole number.');
  return BigInt(text).toString();
}

async function changes({ after, limit, follow }: Options, context: CliContext): Promise<number> {
  const { config, log } = prepare(context, ['database']);
  const reading: Reading = { after: after ?? null, left: limit ?? Infinity, ended: { kind: 'no' } };
  const readOn = (mirror: Database): Promise<boolean> => readToEnd(mirror, reading, context);
  const address = parseDatabaseAddress(config.values.DATABASE_URL);
  if (follow && address.kind === 'pglite' && address.folder !== null)
    await followFolder(address.folder, { config, log, context }, readOn);
  else if (follow) await followMirror(config, log, context, readOn);
  else
    await withMirror(config, log, context, async (mirror) => {
      await requireTables(mirror);
      await readOn(mirror);
      if (reading.ended.kind === 'no') context.stop.throwIfAborted();
    });
  if (reading.ended.kind !== 'removed') return EXIT.done;
  const { upTo } = reading.ended;
  context.err.write(
    `confluence-sync: rows up to ${upTo} were removed by CHANGES_KEEP_DAYS: read the tables anew, then go on with --after ${upTo}\n`,
  );
  return EXIT.behind;
}

/** Writes what the feed has by now; true while more may come. */
async function readToEnd(mirror: Database, reading: Reading, { out, stop }: CliContext): Promise<boolean> {
  while (reading.left > 0 && !stop.aborted) {
    const feed = await mirror.queries.changes(reading.after, Math.min(SLICE, reading.left));
    if (feed.kind === 'removed') {
      reading.ended = feed;
      return false;
    }
    const last = feed.rows.at(-1);
    if (last === undefined) return true;
    if (!(await writeRows(out, feed.rows.map(shown)))) break;
    reading.after = last.seq;
    reading.left -= feed.rows.length;
  }
  if (!stop.aborted) reading.ended = { kind: 'done' };
  return false;
}

/** Beyond what a double can tell apart, a number would be another row's. */
function shown({ seq, ...rest }: Change): object {
  const number = Number(seq);
  return { seq: Number.isSafeInteger(number) ? number : seq, ...rest };
}
