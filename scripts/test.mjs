import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { runNode } from './run-node.mjs';

// Runs the tests; every argument but --fast is jest's own. --fast leaves out what needs a database server.
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const fastPlaces = ['tests/unit/', 'tests/contract/', 'tests/architecture'];

await ensureInstalled(root);
process.exitCode = await runNode([fileURLToPath(import.meta.resolve('jest/bin/jest')), ...jestArguments()], {
  cwd: root,
  env: { ...process.env, NODE_OPTIONS: nodeOptions() },
});

function jestArguments() {
  const own = process.argv.slice(2).filter((argument) => argument !== '--fast');
  if (!process.argv.includes('--fast')) return own;
  const places = own.some((argument) => !argument.startsWith('-')) ? [] : fastPlaces;
  return [
    ...places,
    ...own,
    '--testPathIgnorePatterns=/node_modules/',
    '--testPathIgnorePatterns=\\.pg\\.test\\.ts$',
  ];
}

function nodeOptions() {
  const ours = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  return `${process.env.NODE_OPTIONS ?? ''} ${ours}`.trim();
}
