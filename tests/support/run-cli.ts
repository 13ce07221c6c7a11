import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** How a run of the real program ended. */
export type CliResult = Readonly<{
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}>;

/** A started program. */
export type CliProcess = Readonly<{ child: ChildProcess; ended: Promise<CliResult> }>;

const ROOT = join(import.meta.dirname, '..', '..');

/** Settings that reach no real site and no real home. */
const BARE = { PATH: process.env['PATH'], HOME: '/nonexistent', LOG_LEVEL: 'warn' };

/** Starts the real program from its sources, with exactly these settings. */
export function startCli(args: readonly string[], environment: Readonly<Record<string, string>>): CliProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'src', 'main.ts'), ...args], {
    cwd: ROOT,
    env: { ...BARE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CliResult>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, ended };
}

/** Runs the real program to its end. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return await startCli(args, environment).ended;
}
