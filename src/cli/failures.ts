import type { Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine, printTable } from './print.ts';
import { requireTables } from './require-tables.ts';

const PAGE_SIZE = 500;

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
