import fc from 'fast-check';

/** Inputs a property is tried with. */
export const INPUTS = 100_000;
/** What no single input may take. */
export const LONGEST_MS = 50;

/** For the whole of the inputs, on a machine that is busy with other things. */
export const FUZZ_TIMEOUT_MS = 300_000;

const SLOWEST_KEPT = 5;
const SECOND_LOOKS = 3;

type Timed<Input> = Readonly<{ input: Input; ms: number }>;

/**
 * Tries a check with `INPUTS` inputs. It must neither throw nor take longer than `LONGEST_MS` for one of them; the slowest few
 * are tried again alone, so that a busy machine proves nothing. A failure names its seed and path for `fc.assert`.
 */
export async function fuzz<Input>(
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  runs = INPUTS,
): Promise<void> {
  let slowest: readonly Timed<Input>[] = [];
  const timed = async (input: Input) => {
    const ms = await timeOf(check, input);
    if (ms > (slowest.at(-1)?.ms ?? 0) || slowest.length < SLOWEST_KEPT)
      slowest = [...slowest, { input, ms }].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_KEPT);
  };
  await fc.assert(fc.asyncProperty(inputs, timed), { numRuns: runs });
  for (const { input } of slowest) await assertQuick(check, input);
}

async function assertQuick<Input>(check: (input: Input) => void | Promise<void>, input: Input) {
  let best = Infinity;
  for (let look = 0; look < SECOND_LOOKS && best >= LONGEST_MS; look++)
    best = Math.min(best, await timeOf(check, input));
  if (best >= LONGEST_MS) throw new Error(`${Math.round(best)} ms for ${fc.stringify(input).slice(0, 300)}`);
}

async function timeOf<Input>(check: (input: Input) => void | Promise<void>, input: Input): Promise<number> {
  const began = performance.now();
  const going = check(input);
  if (going !== undefined) await going;
  return performance.now() - began;
}

/** Text of a megabyte, repeated from a short piece with an odd end: what backtracks does so here. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '/',
      '.',
      ' ',
      'a',
      '0',
      '/wiki',
      '%2e',
      '\\',
      ':',
      ',',
      '-',
      '=',
      '&',
      '\u{1F600}',
      '[',
      'a.',
    ),
    fc.constantFrom('', 'x', '\n', '/', ' GMT', 'x!'),
  )
  .map(([piece, end]) => piece.repeat(Math.ceil(1_000_000 / piece.length)) + end);

/** Text with everything that upsets parsers, a megabyte of it now and then. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4000, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 4000, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 3000,
    arbitrary: fc.constantFrom('', ' ', '\u0000', '\uD800', '\uFFFF', '\u202E', '\r\n', '%00', '%ZZ', '..'),
  },
  { weight: 1, arbitrary: longText },
);
