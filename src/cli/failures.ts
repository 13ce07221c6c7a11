import type { Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine, printTable } from './print.ts';
import { requireTables } from './require-tables.ts';

const PAGE_SIZE = 500;

/** Changes the quarantine; returns the ids it changed. */
type Release = (mirror: Database) => Promise<readonly string[]>;

const DONE = { retried: 'is tried again by the next run', forgotten: 'is no longer in quarantine' };

type Failure = Awaited<ReturnType<Database['queries']['failures']>>[number];

/** `failures`: the quarantine. */
export function addFailures(program: Command, context: CliContext): void {
  const failures = program.command('failures').description('pages in quarantine');
  failures
    .command('list', { isDefault: true })
    .description('list them, with the reason')
    .option('--json', 'print one JSON object a line', false)
    .action(async (options: Readonly<{ json: boolean }>) => {
      await list(options.json, context);
    });
  failures
    .command('retry')
    .description('let the next run try them again, whatever their pause; without ids all of them')
    .argument('[ids...]', 'ids of pages')
    .option('--json', 'print JSON', false)
    .action(async (ids: readonly string[], options: Readonly<{ json: boolean }>) => {
      const chosen = ids.length === 0 ? null : ids;
      const work: Release = (mirror) => mirror.queries.retryFailures(chosen);
      context.exit.code = await release('retried', ids, work, options.json, context);
    });
  failures
    .command('forget')
    .description('take them out of quarantine; a page that still fails comes back when it is next read')
    .argument('<ids...>', 'ids of pages')
    .option('--json', 'print JSON', false)
    .action(async (ids: readonly string[], options: Readonly<{ json: boolean }>) => {
      const work: Release = (mirror) => mirror.queries.forgetFailures(ids);
      context.exit.code = await release('forgotten', ids, work, options.json, context);
    });
}

async function list(json: boolean, context: CliContext): Promise<void> {
  const { config, log } = prepare(context, ['database']);
  await withMirror(config, log, context, async (mirror) => {
    await requireTables(mirror);
    if (json) for await (const failure of allFailures(mirror)) printJson(context.out, failure);
    else await printFailures(mirror, context);
  });
}

async function* allFailures(mirror: Database): AsyncGenerator<Failure> {
  for (let after: string | null = null; ;) {
    const rows: readonly Failure[] = await mirror.queries.failures(after, PAGE_SIZE);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last.page_id;
  }
}

async function printFailures(mirror: Database, context: CliContext): Promise<void> {
  const rows: (readonly (string | number | Date | null)[])[] = [];
  for await (const one of allFailures(mirror))
    rows.push([one.page_id, one.space_key, one.code, one.attempts, one.next_retry_at, one.message]);
  if (rows.length === 0) printLine(context.out, 'no page is in quarantine');
  else printTable(context.out, ['page', 'space', 'code', 'attempts', 'next retry', 'why'], rows);
}

async function release(
  done: keyof typeof DONE,
  ids: readonly string[],
  work: Release,
  json: boolean,
  context: CliContext,
): Promise<number> {
  const { config, log } = prepare(context, ['database']);
  return await withMirror(config, log, context, async (mirror) => {
    await requireTables(mirror);
    const changed = await work(mirror);
    const unknown = [...new Set(ids)].filter((id) => !changed.includes(id));
    if (json) printJson(context.out, { [done]: changed, unknown });
    else printReleased(done, changed, unknown, context);
    return ids.length > 0 && changed.length === 0 ? EXIT.usage : EXIT.done;
  });
}

function printReleased(
  done: keyof typeof DONE,
  changed: readonly string[],
  unknown: readonly string[],
  { out, err }: CliContext,
): void {
  for (const id of changed) printLine(out, `page ${id} ${DONE[done]}`);
  if (changed.length === 0 && unknown.length === 0) printLine(out, 'no page is in quarantine');
  if (unknown.length > 0) printLine(err, `not in quarantine: ${unknown.join(', ')}`);
}
