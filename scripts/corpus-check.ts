import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkAnswer } from './corpus/check-answer.ts';
import { checkMirror } from './corpus/check-mirror.ts';
import { canonicalBody, hashBody } from '../src/content/index.ts';
import { meaningfulEdits } from '../tests/support/meaningful-edits.ts';
import { volatileRewrites } from '../tests/support/volatile-rewrites.ts';

const USAGE = 'usage: npm run corpus -- DIR, a folder with page bodies in storage format (*.xml, *.xhtml)';
const WRONG_USAGE = 64;
const NOTHING = { parsed: false, rewritten: 0, edited: 0, pages: 0 } as const;

process.exitCode = await checkCorpus(process.argv[2]);

/** Checks what the hash promises on real bodies: prints the files that break it, then one line of figures. */
async function checkCorpus(folder: string | undefined): Promise<number> {
  if (folder === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return refuse(folder === undefined ? USAGE : `${folder} is not a folder; ${USAGE}`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const bodies = files.filter((file) => /\.xh?t?ml$/.test(file));
  if (bodies.length === 0)
    return refuse(`${folder} holds no page bodies (*.xml, *.xhtml), so nothing was checked`);
  const answers = files.filter((file) => file.endsWith('.json'));
  const mirrored = [
    ...(await checkMirror(folder, bodies, 'cloud')),
    ...(await checkMirror(folder, bodies, 'datacenter')),
  ];
  return report([
    ...bodies.map((file) => ({ file, ...checkBody(read(file)) })),
    ...answers.map((file) => ({ file, ...checkJson(read(file)) })),
    { file: folder, ...NOTHING, kind: 'mirror', problems: mirrored },
  ]);
}

function refuse(reason: string): number {
  console.error(reason);
  return WRONG_USAGE;
}

type Result = Readonly<{
  kind: 'body' | 'json' | 'mirror';
  parsed: boolean;
  rewritten: number;
  edited: number;
  pages: number;
  problems: readonly string[];
}>;

function report(results: readonly (Result & Readonly<{ file: string }>)[]): number {
  const count = (of: (result: Result) => number | boolean): number =>
    results.reduce((total, result) => total + Number(of(result)), 0);
  for (const { file, problems } of results)
    for (const problem of problems) console.log(`${file}: ${problem}`);
  const failed = count(({ problems }) => problems.length > 0);
  console.log(
    `${count(({ kind }) => kind === 'body')} bodies (${count(({ parsed }) => parsed)} parsed, ` +
      `${count(({ rewritten }) => rewritten)} volatile rewrites, ${count(({ edited }) => edited)} edits), ` +
      `${count(({ kind }) => kind === 'json')} JSON files (${count(({ pages }) => pages)} pages), ` +
      `mirrored from Cloud and Data Center: ${failed === 0 ? 'all hold' : `${failed} failed`}`,
  );
  return failed === 0 ? 0 : 1;
}

function checkBody(body: string): Result {
  const kind = 'body';
  const { text, parsed } = canonicalBody(body);
  const { contentHash } = hashBody(body);
  const problems: string[] = [];
  if (hashBody(`${body}x`).contentHash === contentHash) problems.push('a text edit leaves the hash');
  if (!parsed) return { ...NOTHING, kind, parsed, problems };

  if (canonicalBody(text).text !== text) problems.push('the canonical form has another canonical form');
  const rewritten = changed(body, volatileRewrites);
  for (const { name, other } of rewritten)
    if (hashBody(other).contentHash !== contentHash) problems.push(`the hash changes with: ${name}`);
  const edited = changed(body, meaningfulEdits);
  for (const { name, other } of edited)
    if (hashBody(other).contentHash === contentHash) problems.push(`the hash does not change with: ${name}`);
  return { ...NOTHING, kind, parsed, rewritten: rewritten.length, edited: edited.length, problems };
}

function changed(
  body: string,
  changes: Readonly<Record<string, (body: string) => string>>,
): { name: string; other: string }[] {
  return Object.entries(changes)
    .map(([name, change]) => ({ name, other: change(body) }))
    .filter(({ other }) => other !== body);
}

function checkJson(text: string): Result {
  try {
    return { ...NOTHING, kind: 'json', ...checkAnswer(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { ...NOTHING, kind: 'json', problems: ['is not valid JSON'] };
    throw error;
  }
}
