import { Option, type Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import { createDryRun } from '../sync/dry-run.ts';
import type { SyncParts, SyncRequest } from '../sync/run.ts';
import { runSync, type SyncResult } from '../sync/run-sync.ts';
import type { CliContext } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { notify } from './notify.ts';
import { withMirror } from './open-mirror.ts';
import { openSource } from './open-source.ts';
import { prepare } from './prepare.ts';
import { printJson } from './print.ts';
import { printReport } from './print-report.ts';
import { createProgress, SILENT, type Progress } from './progress.ts';
import { requestOf } from './request-of.ts';
import { readingSide } from './reading-side.ts';
import { tellChanges } from './tell-changes.ts';

type Options = Readonly<{
  space: readonly string[];
  mode: SyncRequest['mode'];
  dryRun: boolean;
  deep: boolean;
  acceptDeletes: boolean;
  strict: boolean;
  json: boolean;
}>;

/** `sync`: one run, then exit. */
export function addSync(program: Command, context: CliContext): void {
  const modes = new Option('--mode <mode>', 'how to look at the site').choices([
    'auto',
    'incremental',
    'full',
  ]);
  program
    .command('sync')
    .description('bring the mirror up to date once, then exit')
    .option('--space <key>', 'only this space; may be given several times', gather, [])
    .addOption(modes.default('auto'))
    .option('--deep', 'a full run that fetches every body again, for changes without a new version', false)
    .option('--dry-run', 'fetch and compare, write nothing, say what would change', false)
    .option(
      '--accept-deletes',
      'a full run that lets held deletions pass; Confluence still confirms each',
      false,
    )
    .option('--strict', 'end with 3 when a page is in quarantine', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (options: Options) => {
      context.exit.code = await syncOnce(options, context);
    });
}

function gather(key: string, keys: readonly string[]): readonly string[] {
  return [...keys, key];
}

async function syncOnce(options: Options, context: CliContext): Promise<number> {
  if (options.mode === 'incremental' && needsListing(options)) {
    context.err.write(
      'confluence-sync: --deep and --accept-deletes need every page listed: use them with --mode full\n',
    );
    return EXIT.usage;
  }
  const showsBar = context.err.isTTY === true;
  const { config, log, redact } = prepare(context, ['confluence', 'database'], showsBar);
  const source = openSource(config, log, context);
  const progress = showsBar ? createProgress(context.err, context.clock, () => source.counts()) : SILENT;
  try {
    return await withMirror(config, log, context, async (mirror) => {
      const observer = options.dryRun && !options.json ? tellChanges(context.out) : progress.observer;
      const writing = await writingSide(mirror, options, context);
      const parts = { source, observer, clock: context.clock, log, ...writing };
      const { dryRun, deep, acceptDeletes } = options;
      const choices = { mode: modeOf(options), dryRun, deep, acceptDeletes } as const;
      const result = await endingProgress(
        progress,
        runSync(
          parts,
          { ...requestOf(config), ...choices, trigger: 'cli', onlySpaces: options.space },
          context.stop,
        ),
      );
      await notify(config.values.NOTIFY_WEBHOOK_URL, result, { clock: context.clock, log }, context.stop);
      if (options.json) printJson(context.out, result.report);
      else printReport(context.out, result.report);
      if (result.error !== null) context.err.write(`confluence-sync: ${redact(result.error.message)}\n`);
      return await exitCode(result, options, parts);
    });
  } finally {
    source.close();
  }
}

/** What only a run that lists every page can do. */
function needsListing({ deep, acceptDeletes }: Options): boolean {
  return deep || acceptDeletes;
}

function modeOf(options: Options): SyncRequest['mode'] {
  return options.mode === 'auto' && needsListing(options) ? 'full' : options.mode;
}

async function writingSide(
  mirror: Database,
  options: Options,
  context: CliContext,
): Promise<Pick<SyncParts, 'reader' | 'store' | 'journal' | 'lease'>> {
  if (options.dryRun) {
    const reader = await readingSide(mirror);
    return { reader, ...createDryRun(reader, context.clock) };
  }
  await mirror.migrator.up();
  return mirror;
}

async function endingProgress<Result>(progress: Progress, run: Promise<Result>): Promise<Result> {
  try {
    return await run;
  } finally {
    progress.end();
  }
}

async function exitCode({ report, error }: SyncResult, options: Options, parts: SyncParts): Promise<number> {
  if (error !== null) return exitCodeOf(error);
  if (report.outcome === 'held') return EXIT.held;
  if (!options.strict) return EXIT.done;
  const quarantined = await parts.reader.failedIds({ after: null, limit: 1 });
  return report.counts.failed > 0 || quarantined.length > 0 ? EXIT.quarantine : EXIT.done;
}
