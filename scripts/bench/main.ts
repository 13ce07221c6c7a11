/**
 * Measures what the product is fast at, each beside what it is compared with, in one run: ratios hold where absolute times drift.
 * `npm run bench -- content [FOLDER]` or `loader [SHARE]` runs one part: a folder's bodies are measured beside invented ones, and
 * a share of the pages, such as 0.1, is stored.
 */
import { benchContent } from './content.ts';
import { benchLoader } from './loader/bench-loader.ts';

const parts: Readonly<Record<string, () => Promise<void>>> = {
  content: () => benchContent(process.argv[3]),
  loader: () => benchLoader(Number(process.argv[3] ?? 1)),
};

const [, , wanted] = process.argv;
const chosen = wanted === undefined ? Object.keys(parts) : [wanted];
for (const name of chosen) {
  const bench = parts[name];
  if (bench === undefined) {
    console.error(`there is no bench ${name}; there are ${Object.keys(parts).join(', ')}`);
    process.exit(64);
  }
  await bench();
}
