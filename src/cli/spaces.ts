import type { Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { printTable } from './print.ts';
import { requireTables } from './require-tables.ts';
import { wholeNumber } from './whole-number.ts';
import { writeRows } from './write-rows.ts';

type Summary = Awaited<ReturnType<Database['queries']['spaceSummaries']>>[number];
type Options = Readonly<{ minPages: number; json: boolean }>;

/** `spaces`: what is stored of each space. */
export function addSpaces(program: Command, context: CliContext): void {
  program
    .command('spaces')
    .description('the stored spaces: pages, deleted pages, mean version, freshness, held deletions')
    .option(
      '--min-pages <number>',
      'only spaces with at least so many pages',
      wholeNumber(0, 1_000_000_000),
      0,
    )
    .option('--json', 'print one JSON object a line', false)
    .action(async (options: Options) => {
      await showSpaces(options, context);
    });
}

async function showSpaces({ minPages, json }: Options, context: CliContext): Promise<void> {
  const { config, log } = prepare(context, ['database']);
  await withMirror(config, log, context, async (mirror) => {
    await requireTables(mirror);
    const summaries = await mirror.queries.spaceSummaries();
    const spaces = summaries.filter(({ live }) => live >= minPages);
    if (json) await writeRows(context.out, spaces.map(fields));
    else printSpaces(spaces, context);
  });
}

/** The names that programs see. */
function fields(space: Summary) {
  const { key, name, status, live: pages, deleted, mean_version, watermark, last_listed_at, held } = space;
  return { key, name, status, pages, deleted, mean_version, watermark, last_listed_at, held };
}

function printSpaces(spaces: readonly Summary[], { out }: CliContext): void {
  const headings = [
    'space',
    'pages',
    'deleted',
    'mean version',
    'last change',
    'last listed',
    'held',
    'name',
  ];
  printTable(
    out,
    headings,
    spaces.map((space) => [
      ...[space.key, space.live, space.deleted, space.mean_version, space.watermark, space.last_listed_at],
      ...[space.held === null ? null : `${space.held.wouldDelete} pages`, space.name],
    ]),
  );
}
