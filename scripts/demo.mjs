import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { runNode } from './run-node.mjs';

// Runs the demo on a machine that has nothing but Node and npm.
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await ensureInstalled(root);
process.exitCode = await runNode(
  ['--import', import.meta.resolve('tsx'), join(root, 'scripts', 'demo.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    env: process.env,
  },
);
