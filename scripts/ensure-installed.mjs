import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { InstallProblem } from './install-problem.mjs';
import { withInstallLock } from './install-lock.mjs';

const oldestNode = { major: 20, minor: 19 };
const tailOfOutput = 4_000;

/**
 * Makes node_modules what package-lock.json says, with `npm ci` where it is not, and costs a few milliseconds where it
 * is. Several processes may call it at once: one installs, the others wait for it. Where it cannot, it says on stderr
 * what to do and ends the process with 1.
 */
export async function ensureInstalled(root = join(dirname(fileURLToPath(import.meta.url)), '..')) {
  try {
    requireNode(process.versions.node);
    if (isInstalled(root)) return;
    await withInstallLock(root, async (share) => {
      if (!isInstalled(root)) await install(root, share);
    });
  } catch (error) {
    if (!(error instanceof InstallProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const fits = major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
  if (fits) return;
  throw new InstallProblem(
    `Node ${version} is too old: install Node ${oldestNode.major}.${oldestNode.minor} or newer (https://nodejs.org), then try again`,
  );
}

/** npm writes its hidden lock file last, so that a broken-off install has none or an older one. */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (wanted === null)
    throw new InstallProblem(`${root} holds no readable package-lock.json: get the whole project`);
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (present === null) return false;
  return Object.keys(wanted).every((path) => path === '' || isAsWanted(wanted[path], present[path]));
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

function isAsWanted(wanted, present) {
  if (present === undefined) return wanted.optional === true;
  if (!allows(present.os, process.platform) || !allows(present.cpu, process.arch)) return false;
  return present.version === wanted.version && present.integrity === wanted.integrity;
}

/** `os` and `cpu` name what a package runs on, or with `!` what it does not. */
function allows(list, value) {
  const refused = (list ?? []).filter((entry) => entry.startsWith('!'));
  const welcome = (list ?? []).filter((entry) => !entry.startsWith('!'));
  return !refused.includes(`!${value}`) && (welcome.length === 0 || welcome.includes(value));
}

async function install(root, share) {
  const count = Object.keys(packagesOf(join(root, 'package-lock.json'))).length - 1;
  const progress = showProgress(`installing ${count} packages`);
  const { code, output } = await runNpm(root, share).finally(progress.stop);
  if (code !== 0) {
    throw new InstallProblem(
      `npm ci failed (${code}) in ${root}; its last words:\n${output.slice(-tailOfOutput).trimEnd()}\n` +
        'Nothing else was done. Check the network and the registry (npm ping), then try again.',
    );
  }
  if (!isInstalled(root)) {
    throw new InstallProblem(
      `npm ci ended well, yet node_modules in ${root} is not what package-lock.json says: try npm ci`,
    );
  }
}

function runNpm(root, share) {
  const npm = findNpm();
  // NODE_ENV=production or an npm setting of the caller's must not leave out what tests and demo need.
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-progress',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(npm.command, [...npm.args, ...args], {
      cwd: root,
      env: { ...process.env, ...cacheSetting(root) },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: npm.shell,
    });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-2 * tailOfOutput));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => {
      reject(new InstallProblem(`npm cannot be started (${error.code}): install npm, it comes with Node`));
    });
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
    if (child.pid !== undefined) share(child.pid);
  });
}

/** The npm that runs us, else the one beside this Node, else the one on the path. */
function findNpm() {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [process.env.npm_execpath ?? '', beside].find(
    (path) => path.endsWith('npm-cli.js') && existsSync(path),
  );
  if (script !== undefined) return { command: process.execPath, args: [script], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/** A user without a home that can be written keeps npm's cache inside the project. */
function cacheSetting(root) {
  if (process.env.npm_config_cache !== undefined) return {};
  try {
    mkdirSync(homedir(), { recursive: true });
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: join(root, '.cache', 'npm') };
  }
}

/** One line on stderr that counts seconds on a terminal, and now and then a line elsewhere. */
function showProgress(what) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const isTerminal = process.stderr.isTTY === true;
  process.stderr.write(isTerminal ? what : `${what} (npm ci) …\n`);
  const tick = () =>
    process.stderr.write(isTerminal ? `\r${what} … ${seconds()} s` : `${what} … ${seconds()} s\n`);
  const timer = setInterval(tick, isTerminal ? 1_000 : 30_000);
  return {
    stop() {
      clearInterval(timer);
      process.stderr.write(`${isTerminal ? '\r' : ''}${what}: ended after ${seconds()} s\n`);
    },
  };
}
