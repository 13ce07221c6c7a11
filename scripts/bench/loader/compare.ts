import type { Bench, Way } from './bench.ts';

const ROUNDS = 5;

/** Pages a second of each way, by its name. */
export type Rates = ReadonlyMap<string, number>;

/** Prints what each way stores a second, medians of rounds in which they take turns, and how often the first one's rate that is. */
export async function compare(label: string, bench: Bench, ways: readonly Way[]): Promise<Rates> {
  const rounds = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const way of ways) rounds.get(way.name)?.push(await rateOf(bench, way));
  const rates = new Map([...rounds].map(([name, values]) => [name, median(values)]));
  console.log(`\n${label} (median of ${ROUNDS} rounds)`);
  const [slowest = 1] = rates.values();
  for (const [name, rate] of rates)
    console.log(
      `  ${name.padEnd(52)} ${rate.toFixed(0).padStart(8)} pages/s ${(rate / slowest).toFixed(1).padStart(6)} x`,
    );
  return rates;
}

async function rateOf(bench: Bench, { prepare, run, pages }: Way): Promise<number> {
  const measured = { ...bench, records: bench.records.slice(0, pages) };
  await prepare(measured);
  await bench.client.query('checkpoint');
  const start = performance.now();
  await run(measured);
  return (measured.records.length * 1_000) / (performance.now() - start);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
