import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { InstallProblem } from './install-problem.mjs';

const pollMs = 200;
const patienceMs = 15 * 60_000;

/**
 * Runs `work` while no other process runs it for the same folder, and waits its turn. `work` gets a function that adds
 * a child's pid to the lock: an orphaned child keeps it. A lock whose processes are all dead is taken over.
 */
export async function withInstallLock(root, work) {
  const lock = prepareLock(root);
  await take(lock);
  try {
    await work((pid) => replace(lock, [process.pid, pid]));
  } finally {
    rmSync(lock, { force: true });
  }
}

function prepareLock(root) {
  const folder = join(root, '.cache');
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `probe.${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new InstallProblem(
      `dependencies are missing and ${root} cannot be written (${error.code}): run npm ci there as its owner`,
    );
  }
  return join(folder, 'install.lock');
}

async function take(lock) {
  const deadline = performance.now() + patienceMs;
  for (let told = false; !create(lock);) {
    const seen = read(lock);
    if (seen !== null && !isHeld(seen)) breakLock(lock, seen);
    else {
      if (!told)
        process.stderr.write(`waiting for the install that process ${seen?.join(', ') ?? '?'} runs\n`);
      told = true;
      if (performance.now() > deadline)
        throw new InstallProblem(`another install does not end: remove ${lock} if none runs`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

/** A link appears at once with its content; a file that is opened and then written would be seen empty. */
function create(lock) {
  const draft = writeDraft(lock, [process.pid]);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(lock, pids) {
  renameSync(writeDraft(lock, pids), lock);
}

function writeDraft(lock, pids) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(pids));
  return draft;
}

function read(lock) {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return null;
  }
}

function isHeld(pids) {
  return pids.some((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error.code === 'EPERM';
    }
  });
}

/** Two waiters may see the same dead lock: whoever moves away a living successor puts it back. */
function breakLock(lock, seen) {
  const moved = `${lock}.dead.${process.pid}`;
  try {
    renameSync(lock, moved);
    if (JSON.stringify(read(moved)) !== JSON.stringify(seen)) linkSync(moved, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(moved, { force: true });
  }
}
