import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLE_MS = 20;

/** How a watched run ended, and the most memory it ever had, in megabytes. */
export type WatchedRun = Readonly<{ code: number | null; stdout: string; stderr: string; peakMb: number }>;

/** The program as it is shipped, in a folder of its own. */
export type BuiltProgram = Readonly<{
  /** Runs it and watches its resident memory, as Linux counts it. */
  run: (args: readonly string[], environment: Readonly<Record<string, string>>) => Promise<WatchedRun>;
  remove: () => void;
}>;

/** Compiles the sources: what compiles them while they run has memory of its own. */
export function buildProgram(): BuiltProgram {
  const folder = mkdtempSync(join(tmpdir(), 'confluence-sync-built-'));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(folder, 'dist')];
  execFileSync(process.execPath, [compiler, ...options], { cwd: ROOT });
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return {
    run: (args, environment) => runWatched(folder, args, environment),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

async function runWatched(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<WatchedRun> {
  const child = spawn(process.execPath, [join('dist', 'main.js'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, peakMb] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
  }, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { code, stdout, stderr, peakMb };
}

/** The high-water mark so far; 0 once the process is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
