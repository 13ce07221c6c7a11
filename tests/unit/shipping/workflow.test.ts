import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, '.github', 'workflows');
const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));

test('every action is pinned to a commit, and says its version', () => {
  const uses = lines.filter((line) => /\buses:/.test(line));

  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
    [],
  );
});

test('a workflow may read the code and nothing else', () => {
  const start = lines.indexOf('permissions:');

  expect(lines.slice(start, start + 3)).toEqual(['permissions:', '  contents: read', '']);
  expect(
    lines.filter((line) => /^\s*permissions:|: write\b|pull_request_target|secrets\./.test(line)),
  ).toHaveLength(1);
});

test('the oldest Node we promise and the one of the image run everything', () => {
  const matrix = lines.find((line) => /^\s*node: \[/.test(line)) ?? '';

  expect(matrix).toContain(`'${oldestNode()}'`);
  expect(matrix).toContain(`'${imageNode().split('.')[0] ?? ''}'`);
  expect(lines).toContain('      - run: bash .ci/run');
});

test('bash understands .ci/run, and it finds the Node of the image', () => {
  const script = readFileSync(join(root, '.ci', 'run'), 'utf8');
  const finder = script.split('\n').find((line) => line.startsWith('image_node=')) ?? '';

  expect(spawnSync('bash', ['-n', '.ci/run'], { cwd: root, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(bash(`${finder}; printf %s "$image_node"`)).toBe(imageNode());
});

test('a step of .ci/run that fails in its middle ends the run with its code', () => {
  const script = readFileSync(join(root, '.ci', 'run'), 'utf8');
  const step = /^step\(\) \{.*?^\}/ms.exec(script)?.[0] ?? '';
  const program = `set -euo pipefail; taken=(); ${step}\n broken() { (exit 7); echo went on; }; step 'a step' broken; echo went on`;

  const result = spawnSync('bash', ['-c', program], { encoding: 'utf8' });

  expect(result.status).toBe(7);
  expect(result.stdout).not.toContain('went on');
  expect(result.stderr).toContain('failed: a step (exit 7)');
});

function bash(program: string): string {
  return spawnSync('bash', ['-c', program], { cwd: root, encoding: 'utf8' }).stdout;
}

function oldestNode(): string {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  return engines.node.replace('>=', '');
}

function imageNode(): string {
  return /^FROM node:([\d.]+)-/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1] ?? '';
}
