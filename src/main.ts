#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse as parseDotenv } from 'dotenv';
import { runProgram } from './cli/run-program.ts';
import type { CliContext } from './cli/context.ts';
import { EXIT } from './cli/exit-codes.ts';
import { secretsOf } from './config/load-config.ts';
import { readValues, type Environment } from './config/read-values.ts';
import { createRedactor } from './config/redact.ts';
import type { Clock } from './sync/ambient.ts';
import { Interrupted } from './sync/errors.ts';

/** After an orderly stop nothing but a connection to a dead host can keep the process: it is not waited for. */
const LEFTOVERS_MS = 500;
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  },
};

/** The first signal asks for an orderly end, the second ends the process at once. */
function listenForStop(): Readonly<{ stop: AbortSignal; signalled: () => number | null }> {
  const controller = new AbortController();
  let code: number | null = null;
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (code !== null) process.exit(number);
      code = number;
      controller.abort(
        new Interrupted(`stopped by ${name}; what was stored so far stays, the next run goes on from here`),
      );
    });
  }
  return { stop: controller.signal, signalled: () => code };
}

/** The real environment wins over a `.env` file in the working directory. */
function readEnvironment(): Environment {
  try {
    return { ...parseDotenv(readFileSync('.env')), ...process.env };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return process.env;
    throw error;
  }
}

/**
 * A reader that closed the pipe (`| head`) wants no more output, a full disk takes none; neither is a reason to leave a batch
 * half done, or to end a worker.
 */
function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ENOSPC') throw error;
    });
}

/** What nothing caught is a bug: one line about it, without a credential, and the end. The lease frees itself. */
function endOnBugs({ environment, readFile }: CliContext): void {
  const end = (error: unknown): void => {
    const { values } = readValues(environment, readFile);
    const redact = createRedactor(secretsOf(values), values.CONFLUENCE_EMAIL);
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const line = redact(told).replace(/\s*\n\s*/g, ' | ');
    process.stderr.write(`confluence-sync: this is a bug, please report it: ${line}\n`);
    process.exit(EXIT.bug);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

surviveLostOutput();
const { stop, signalled } = listenForStop();
const context: CliContext = {
  environment: readEnvironment(),
  readFile: (path) => readFileSync(path, 'utf8'),
  clock,
  random: Math.random,
  stop,
  out: process.stdout,
  err: process.stderr,
  exit: { code: 0 },
};
endOnBugs(context);
const code = await runProgram(process.argv.slice(2), context, readVersion());
process.exitCode = stop.aborted && code === 130 ? (signalled() ?? code) : code;
if (stop.aborted)
  setTimeout(() => {
    process.exit();
  }, LEFTOVERS_MS).unref();
