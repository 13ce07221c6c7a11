import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { runNode } from './run-node.mjs';

// Runs the demo on a machine that has nothing but Node and npm.
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await ensureInstalled(root);
const tsx = pathToFileURL(createRequire(join(root, 'package.json')).resolve('tsx')).href;
process.exitCode = await runNode(
  ['--import', tsx, join(root, 'scripts', 'demo.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    env: process.env,
  },
);
