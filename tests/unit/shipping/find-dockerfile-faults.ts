import { readDockerfile, type Instruction } from './read-dockerfile.ts';

/** A rule that an image must keep, in words, and whether the instructions break it. */
type Rule = readonly [rule: string, isBroken: (all: readonly Instruction[]) => boolean];

const rules: readonly Rule[] = [
  ['every base image is pinned to an exact version', (all) => bases(all).some((base) => !isPinned(base))],
  ['every stage has the same base', (all) => new Set(bases(all)).size !== 1],
  ['nothing is added from an address or an archive', (all) => of(all, 'ADD').length > 0],
  [
    'the program runs as a number that is not root',
    (all) => !/^[1-9]\d*(:[1-9]\d*)?$/.test(last(all, 'USER')?.argument ?? ''),
  ],
  ['the program is started by node in exec form', (all) => last(all, 'ENTRYPOINT')?.exec?.[0] !== 'node'],
  ['the default command is in exec form', (all) => (last(all, 'CMD')?.exec ?? null) === null],
  ['health is asked by node in exec form', (all) => last(all, 'HEALTHCHECK')?.exec?.[0] !== 'node'],
  [
    'the image runs in production mode',
    (all) => !of(all, 'ENV').some(({ argument }) => /\bNODE_ENV=production\b/.test(argument)),
  ],
  [
    'packages come from the lock file, without their scripts',
    (all) => npmSteps(all).some((step) => !isExactInstall(step)),
  ],
  ['development packages stay out', (all) => !/--omit=dev\b/.test(stepsBehindModules(all))],
  [
    'the whole folder is never copied',
    (all) => of(all, 'COPY').some(({ argument }) => /^\.\/?\s/.test(argument)),
  ],
  [
    'no secret is built in',
    (all) =>
      [...of(all, 'ENV'), ...of(all, 'ARG')].some(({ argument }) => /token|password|secret/i.test(argument)),
  ],
];

/** The rules that a Dockerfile breaks, in words; empty when it keeps all. */
export function findDockerfileFaults(text: string): readonly string[] {
  const all = readDockerfile(text);
  return rules.filter(([, isBroken]) => isBroken(all)).map(([rule]) => rule);
}

function of(all: readonly Instruction[], keyword: string): readonly Instruction[] {
  return all.filter((instruction) => instruction.keyword === keyword);
}

/** The one that counts: of the last stage. */
function last(all: readonly Instruction[], keyword: string): Instruction | undefined {
  const start = all.findLastIndex((instruction) => instruction.keyword === 'FROM');
  return of(all.slice(start), keyword).at(-1);
}

function bases(all: readonly Instruction[]): readonly string[] {
  return of(all, 'FROM').map(({ argument }) => argument.replace(/\s+as\s+.*/i, ''));
}

function isPinned(base: string): boolean {
  return /^[a-z/.-]+:\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?$/.test(base);
}

function npmSteps(all: readonly Instruction[]): readonly string[] {
  return of(all, 'RUN')
    .map(({ argument }) => argument)
    .filter((step) => /\bnpm (ci|i|install|add|exec)\b|\bnpx\b/.test(step));
}

function isExactInstall(step: string): boolean {
  return /^npm ci( --omit=dev)? --ignore-scripts$/.test(step);
}

/** The RUN steps of the stage that the last stage takes its node_modules from. */
function stepsBehindModules(all: readonly Instruction[]): string {
  const copy = of(all, 'COPY').find(
    ({ argument, flags }) => argument.includes('node_modules') && '--from' in flags,
  );
  const stage = copy?.flags['--from'] ?? '';
  const start = all.findIndex(
    ({ keyword, argument }) => keyword === 'FROM' && argument.endsWith(` AS ${stage}`),
  );
  const rest = all.slice(start + 1);
  const end = rest.findIndex(({ keyword }) => keyword === 'FROM');
  return of(rest.slice(0, end), 'RUN')
    .map(({ argument }) => argument)
    .join('\n');
}
