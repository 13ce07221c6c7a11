import { CommanderError } from 'commander';
import { createRedactor } from '../config/redact.ts';
import { readValues } from '../config/read-values.ts';
import { secretsOf } from '../config/load-config.ts';
import { SyncError } from '../sync/errors.ts';
import type { CliContext } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command and returns the exit code. What fails is said in one message, without a credential. */
export async function runProgram(
  args: readonly string[],
  context: CliContext,
  version: string,
): Promise<number> {
  try {
    await createProgram(context, version).parseAsync(args, { from: 'user' });
    return context.exit.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const redact = redactorOf(context);
    if (error instanceof SyncError) {
      context.err.write(`confluence-sync: ${redact(error.message)}\n`);
      return exitCodeOf(error);
    }
    context.err.write(`confluence-sync: this is a bug, please report it: ${redact(describe(error))}\n`);
    return EXIT.bug;
  }
}

function redactorOf({ environment, readFile }: CliContext): (text: string) => string {
  const { values } = readValues(environment, readFile);
  return createRedactor(secretsOf(values), values.CONFLUENCE_EMAIL);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
