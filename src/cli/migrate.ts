import { Argument, type Command } from 'commander';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine } from './print.ts';

type Options = Readonly<{ to?: string; json: boolean }>;

/** `migrate`: brings the tables up, down, or says where they are. */
export function addMigrate(program: Command, context: CliContext): void {
  const directions = new Argument('[direction]', 'what to do')
    .choices(['up', 'down', 'status'])
    .default('up');
  program
    .command('migrate')
    .description('create or change the tables')
    .addArgument(directions)
    .option('--to <name>', 'stop at this migration; down undoes all after it')
    .option('--json', 'print JSON', false)
    .action(async (direction: 'up' | 'down' | 'status', options: Options) => {
      await migrate(direction, options, context);
    });
}

async function migrate(
  direction: 'up' | 'down' | 'status',
  options: Options,
  context: CliContext,
): Promise<void> {
  const { config, log } = prepare(context, ['database']);
  await withMirror(config, log, context, async ({ migrator }) => {
    if (direction !== 'status') await migrator[direction](options.to);
    const status = await migrator.status();
    if (options.json) printJson(context.out, status);
    else
      for (const state of ['applied', 'pending', 'unknown'] as const)
        for (const name of status[state]) printLine(context.out, `${state}  ${name}`);
  });
}
