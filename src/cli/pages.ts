import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import { createScope } from '../sync/scope.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { readCursor, writeCursor, type Page, type Walk } from './page-cursor.ts';
import { parseMoment } from './parse-moment.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine, printTable } from './print.ts';
import { requireTables } from './require-tables.ts';
import { wholeNumber } from './whole-number.ts';
import { writeRows } from './write-rows.ts';

type Filter = Parameters<Database['queries']['pages']>[0];
type Options = Readonly<{
  space: readonly string[];
  title?: string;
  updatedSince?: Date;
  updatedBefore?: Date;
  status?: Page['status'];
  deleted: boolean;
  limit?: number;
  after?: string;
  count: boolean;
  json: boolean;
}>;
/** What is asked: `limit` pages of a walk. */
type Question = Readonly<{ filter: Filter; walk: Walk; limit: number }>;

const SLICE = 500;
const SHOWN_PAGES = 50;
const HELP = `
Pages come in the order of space and id; with dates and without --space, in the order of last_updated, the oldest first. Where
there are more, the cursor of the next page is told on stderr; it is SPACE/ID, or LAST_UPDATED/ID, of the last page shown.
Without --limit ${SHOWN_PAGES} pages are shown, or with --json all. Pages that are gone show up only when asked for: by --deleted, by
--status trashed or deleted, or by their id.`;

/** `pages`: asks the stored pages. */
export function addPages(program: Command, context: CliContext): void {
  const statuses = new Option('--status <status>', 'only pages in this state');
  program
    .command('pages')
    .description('ask the stored pages')
    .argument('[ids...]', 'only the pages with these ids')
    .option('--space <key>', 'only this space; * and ? match; may be given several times', gather, [])
    .option('--title <pattern>', "only titles that fit, such as '*on-call*'; * and ? match")
    .option(
      '--updated-since <date>',
      'last updated then or later: 2026-01-31, or a time with its zone',
      readMoment,
    )
    .option('--updated-before <date>', 'last updated before then', readMoment)
    .addOption(statuses.choices(['current', 'archived', 'trashed', 'deleted']))
    .option('--deleted', 'only pages that are gone', false)
    .option('--limit <number>', 'pages at most', wholeNumber(1, 1_000_000_000))
    .option('--after <cursor>', 'go on after this place')
    .option('--count', 'print only how many pages there are', false)
    .option('--json', 'print one JSON object a line, with the columns of confluence_pages', false)
    .addHelpText('after', HELP)
    .action(async (ids: readonly string[], options: Options, command: Command) => {
      const walk = readWalk(options, command);
      const { config, log } = prepare(context, ['database']);
      await withMirror(config, log, context, async (mirror) => {
        await requireTables(mirror);
        const filter = await readFilter(mirror, ids, options, context);
        if (options.count) await printCount(mirror, filter, options.json, context);
        else await printPages(mirror, { filter, walk, limit: limitOf(ids, options) }, options.json, context);
      });
    });
}

function gather(key: string, keys: readonly string[]): readonly string[] {
  return [...keys, key];
}

function readMoment(text: string): Date {
  const moment = parseMoment(text);
  if (moment !== null) return moment;
  throw new InvalidArgumentError(
    'It must be a day, 2026-01-31, or a time with its zone, 2026-01-31T09:00:00Z.',
  );
}

function readWalk({ space, updatedSince, updatedBefore, after }: Options, command: Command): Walk {
  const byTime = space.length === 0 && (updatedSince !== undefined || updatedBefore !== undefined);
  const order = byTime ? 'updated' : 'place';
  if (after === undefined) return { order, after: null };
  const walk = readCursor(order, after);
  if (walk !== null) return walk;
  return command.error(
    `error: option '--after <cursor>' must be the cursor that the same question gave: ${byTime ? 'TIME/ID' : 'SPACE/ID'}`,
  );
}

async function readFilter(
  mirror: Database,
  ids: readonly string[],
  options: Options,
  context: CliContext,
): Promise<Filter> {
  const { title, updatedSince, updatedBefore, status, deleted } = options;
  const gone = deleted || status === 'trashed' || status === 'deleted';
  return {
    ...(ids.length > 0 && { ids }),
    ...(options.space.length > 0 && { spaces: await chooseSpaces(mirror, options.space, context) }),
    ...(title !== undefined && { title }),
    ...(updatedSince !== undefined && { updatedSince }),
    ...(updatedBefore !== undefined && { updatedBefore }),
    ...(status !== undefined && { status }),
    ...((ids.length === 0 || gone) && { deleted: gone }),
  };
}

/** The stored spaces whose keys fit; says which patterns fit none. */
async function chooseSpaces(
  mirror: Database,
  patterns: readonly string[],
  { err }: CliContext,
): Promise<readonly string[]> {
  const keys = await mirror.queries.spaceKeys();
  const fitting = (spaces: readonly string[]) => keys.filter(createScope({ spaces, excludeSpaces: [] }));
  for (const pattern of patterns)
    if (fitting([pattern]).length === 0) printLine(err, `no page of space ${pattern} is stored`);
  return fitting(patterns);
}

function limitOf(ids: readonly string[], { limit, json }: Options): number {
  if (limit !== undefined) return limit;
  return json ? Infinity : Math.max(SHOWN_PAGES, ids.length);
}

async function printCount(
  mirror: Database,
  filter: Filter,
  json: boolean,
  { out }: CliContext,
): Promise<void> {
  const pages = await mirror.queries.countPages(filter);
  if (json) printJson(out, { pages });
  else printLine(out, String(pages));
}

async function printPages(
  mirror: Database,
  question: Question,
  json: boolean,
  context: CliContext,
): Promise<void> {
  const { out, err, stop } = context;
  const { filter, walk } = question;
  const missing = new Set(filter.ids);
  for await (const { pages, next } of slices(mirror, question)) {
    stop.throwIfAborted();
    for (const { id } of pages) missing.delete(id);
    if (!json)
      printTable(out, ['page', 'space', 'status', 'version', 'last updated', 'title'], pages.map(shown));
    else if (!(await writeRows(out, pages))) return;
    if (next === null) continue;
    printLine(err, `there are more: add --after '${next}'`);
    return;
  }
  if (missing.size > 0 && walk.after === null) printLine(err, `not found: ${[...missing].join(', ')}`);
}

function shown(page: Page) {
  return [page.id, page.space_key, page.status, page.version, page.last_updated, page.title];
}

/** The answer, a slice at a time; `next` is the cursor where the limit left something over. */
async function* slices(
  mirror: Database,
  { filter, walk: start, limit }: Question,
): AsyncGenerator<Readonly<{ pages: readonly Page[]; next: string | null }>> {
  let [walk, left] = [start, limit];
  for (;;) {
    const size = left === Infinity ? SLICE : left;
    const found = await mirror.queries.pages(filter, walk, Math.min(size, SLICE) + 1);
    const pages = found.slice(0, Math.min(size, SLICE));
    const last = pages.at(-1);
    left -= pages.length;
    const hasMore = found.length > pages.length && last !== undefined;
    const next = hasMore && left === 0 ? writeCursor(walk.order, last) : null;
    yield { pages, next };
    if (!hasMore || next !== null) return;
    walk = placeAfter(walk.order, last);
  }
}

function placeAfter(order: Walk['order'], page: Page): Walk {
  if (order === 'place') return { order, after: { spaceKey: page.space_key, id: page.id } };
  return { order, after: { lastUpdated: page.last_updated, id: page.id } };
}
