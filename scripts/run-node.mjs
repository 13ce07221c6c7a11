import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs this Node with `args` on our own terminal, hands on SIGINT and SIGTERM, and resolves with the exit code to end with:
 * the child's, or 128 plus the number of the signal that killed it.
 */
export async function runNode(args, { cwd, env }) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: 'inherit' });
  // A terminal sends SIGINT to the child too: here it is only kept from ending us first.
  const onInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
  const onTerminate = () => child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  }
}
