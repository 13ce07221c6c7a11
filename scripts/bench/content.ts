import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { hashBody } from '../../src/content/index.ts';

const ROUNDS = 5;
const CHARACTERS_A_ROUND = 40_000_000;

/**
 * Prints how fast bodies are hashed, beside the bare tokenizer and bare SHA-256 over the same text: medians of five
 * rounds that take turns. Bodies are generated, about 8 KB each; a folder named on the command line adds its own.
 */
export function benchContent(folder = process.argv[2]): Promise<void> {
  console.log(`content: MB/s of body text, median of ${ROUNDS} rounds (hashBody | tokenizer | SHA-256)`);
  compare('generated, 8 KB', generatedBodies());
  if (folder !== undefined) compare(folder, bodiesBelow(folder));
  return Promise.resolve();
}

function compare(label: string, bodies: readonly string[]): void {
  if (bodies.length === 0) throw new Error(`no *.xml or *.xhtml below ${label}`);
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
  const repeats = Math.ceil(CHARACTERS_A_ROUND / bytes);
  const ways = [hashBody, tokenize, sha256].map((way) => ({ way, seconds: [] as number[] }));
  for (let round = 0; round <= ROUNDS; round++)
    for (const { way, seconds } of ways) seconds[round] = time(way, bodies, repeats);
  // The first round warms up.
  const speeds = ways.map(({ seconds }) => (bytes * repeats) / median(seconds.slice(1)) / 1e6);
  const [hash = 0, tokenizer = 0] = speeds;
  const figures = speeds.map((speed) => speed.toFixed(0).padStart(6)).join(' |');
  console.log(
    `  ${label}, ${bodies.length} bodies: ${figures}  (${(tokenizer / hash).toFixed(2)} x tokenizer)`,
  );
}

function time(way: (body: string) => unknown, bodies: readonly string[], repeats: number): number {
  const start = process.hrtime.bigint();
  for (let repeat = 0; repeat < repeats; repeat++) for (const body of bodies) way(body);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function tokenize(body: string): void {
  const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, IGNORE);
  tokenizer.write(body);
  tokenizer.end();
}

const ignore = (): void => undefined;
const IGNORE: TokenizerCallbacks = {
  onattribdata: ignore,
  onattribentity: ignore,
  onattribend: ignore,
  onattribname: ignore,
  oncdata: ignore,
  onclosetag: ignore,
  oncomment: ignore,
  ondeclaration: ignore,
  onend: ignore,
  onopentagend: ignore,
  onopentagname: ignore,
  onprocessinginstruction: ignore,
  onselfclosingtag: ignore,
  ontext: ignore,
  ontextentity: ignore,
};

function sha256(body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('hex');
}

function bodiesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.xh?t?ml$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

function generatedBodies(): string[] {
  return Array.from({ length: 64 }, (_, page) => {
    let body = '';
    for (let part = 0; body.length < 8_000; part++)
      body += PARTS[part % PARTS.length]?.(page * 100 + part) ?? '';
    return body;
  });
}

const PARTS: readonly ((n: number) => string)[] = [
  (n) =>
    `<h2 local-id="a${n}">Release ${n}</h2><p>The team met on <time datetime="2026-05-01" /> and went through the` +
    ` plan for <strong>sprint ${n}</strong>: scope, risks &amp; owners, as &ldquo;agreed&rdquo;.</p>`,
  (n) => `<ul>\n  <li>Item ${n} of the list, with <em>some</em> words</li>\n  <li>Another one</li>\n</ul>`,
  (n) =>
    `<ac:structured-macro ac:name="info" ac:schema-version="1" ac:macro-id="b502ba56-59a4-${n}">` +
    `<ac:parameter ac:name="title">Note ${n}</ac:parameter><ac:rich-text-body><p>Mind the&nbsp;gap between the` +
    ' train and the platform, and read what stands above it.</p></ac:rich-text-body></ac:structured-macro>',
  (n) =>
    '<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">java' +
    `</ac:parameter><ac:plain-text-body><![CDATA[for (int i = 0; i < ${n}; i++) {\n    run(i);\n}]]>` +
    '</ac:plain-text-body></ac:structured-macro>',
  (n) =>
    `<table><tbody><tr><th>Name</th><th>State</th></tr><tr><td>job ${n}</td><td><ac:link><ri:page ` +
    `ri:content-title="Job ${n}" ri:version-at-save="3" /></ac:link> is done</td></tr></tbody></table>`,
  (n) =>
    `<p>Every paragraph of a real page holds a few sentences of plain prose, as this one (${n}) does; most of ` +
    'them need no change at all, and so the reader should spend next to nothing on them. That is the case that ' +
    'counts most, because it is by far the most common one in the wikis that people write.</p>',
];
