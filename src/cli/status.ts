import type { Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine, printTable } from './print.ts';
import { requireTables } from './require-tables.ts';

const SHOWN_RUNS = 10;
const SHOWN_FAILURES = 10;

/** `status`: what the mirror holds and how the last runs went. */
export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('last runs, spaces and their freshness, pages in quarantine, held deletions')
    .option('--json', 'print JSON', false)
    .action(async (options: Readonly<{ json: boolean }>) => {
      await showStatus(options.json, context);
    });
}

async function showStatus(json: boolean, context: CliContext): Promise<void> {
  const { config, log } = prepare(context, ['database']);
  await withMirror(config, log, context, async (mirror) => {
    await requireTables(mirror);
    const status = await readStatus(mirror);
    if (json) printJson(context.out, status);
    else printStatus(context, status);
  });
}

type Status = Awaited<ReturnType<typeof readStatus>>;

async function readStatus(mirror: Database) {
  const runs = await mirror.queries.lastRuns(SHOWN_RUNS);
  const spaces = await mirror.queries.spaceSummaries();
  const failures = await mirror.queries.failures(null, SHOWN_FAILURES);
  const held = spaces.filter((space) => space.held !== null);
  return { runs, spaces, failures, held };
}

function printStatus({ out }: CliContext, { runs, spaces, failures, held }: Status): void {
  if (runs.length === 0) printLine(out, 'no run yet');
  else
    printTable(
      out,
      ['run', 'mode', 'trigger', 'outcome', 'started', 'finished'],
      runs.map((run) => [run.id, run.mode, run.trigger, run.outcome, run.started_at, run.finished_at]),
    );
  printLine(out);
  printTable(
    out,
    ['space', 'name', 'pages', 'deleted', 'failed', 'last change', 'last listed'],
    spaces.map((space) => [
      space.key,
      space.name,
      space.live,
      space.deleted,
      space.failed,
      space.watermark,
      space.last_listed_at,
    ]),
  );
  for (const { key, held: why } of held) printLine(out, `space ${key} is held: ${why?.reason ?? ''}`);
  if (failures.length > 0) printLine(out, '\npages in quarantine (confluence-sync failures list shows all):');
  for (const { page_id: id, code, message } of failures) printLine(out, `  ${id}  ${code}  ${message}`);
}
