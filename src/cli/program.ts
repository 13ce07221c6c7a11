import { Command } from 'commander';
import { addChanges } from './changes.ts';
import { addCheck } from './check.ts';
import type { CliContext } from './context.ts';
import { addFailures } from './failures.ts';
import { addMigrate } from './migrate.ts';
import { addPages } from './pages.ts';
import { addSampleSite } from './sample-site.ts';
import { addStart } from './start.ts';
import { addSpaces } from './spaces.ts';
import { addStatus } from './status.ts';
import { addSync } from './sync.ts';

/** The command line: every command with its help. Wrong usage throws commander's own error instead of exiting. */
export function createProgram(context: CliContext, version: string): Command {
  const program = new Command('confluence-sync')
    .description('Keeps a PostgreSQL mirror of Confluence that can be trusted.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: (text) => context.err.write(text),
    })
    .showHelpAfterError('(run with --help to see what is possible)')
    .enablePositionalOptions();
  for (const add of [
    addSync,
    addStart,
    addCheck,
    addMigrate,
    addStatus,
    addFailures,
    addChanges,
    addPages,
    addSpaces,
    addSampleSite,
  ])
    add(program, context);
  for (const command of program.commands) command.exitOverride();
  return program;
}
