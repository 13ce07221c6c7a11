import type { Config } from '../config/load-config.ts';
import { WrongConfiguration } from '../sync/errors.ts';
import type { Space } from '../sync/page.ts';
import { chooseSpaces } from '../sync/scope.ts';
import type { PageSource } from '../sync/source.ts';
import { scopeOf } from './scope-of.ts';

/** Proves one thing: what it found, or a thrown `SyncError`. */
export type Proof = () => Promise<string>;

/** What the proofs learn from each other. */
type Found = { space: Space | null; page: string | null };

/** An id that is asked for where no page is known: what counts then is whether Confluence takes the question. */
const ANY_ID = '1';

/** Proofs that everything a sync reads may be read, one for each kind of question, so that each missing scope is named. */
export function proofsOfReading(
  source: PageSource,
  config: Config,
  stop: AbortSignal,
): readonly (readonly [check: string, proof: Proof])[] {
  const found: Found = { space: null, page: null };
  const { rootPages } = scopeOf(config);
  const proofs: (readonly [string, Proof])[] = [
    ['spaces', () => describeSpaces(source, config, found, stop)],
    ['pages', () => describePages(source, found, stop)],
    ['bodies', () => describeBody(source, found, stop)],
  ];
  if (rootPages.length === 0) return proofs;
  return [
    ...proofs,
    ['root pages', () => describeRoots(source, rootPages, stop)],
    ['ancestors', () => describeAncestors(source, rootPages, stop)],
  ];
}

async function describeSpaces(
  source: PageSource,
  config: Config,
  found: Found,
  stop: AbortSignal,
): Promise<string> {
  const { spaces } = await source.listSpaces(stop);
  const { wanted, unseen } = chooseSpaces(spaces, scopeOf(config), []);
  found.space = wanted[0] ?? null;
  if (unseen.length > 0)
    throw new WrongConfiguration(
      `not visible to these credentials: ${unseen.join(', ')} (CONFLUENCE_SPACES)`,
    );
  if (wanted.length === 0)
    throw new WrongConfiguration(
      `${spaces.length} visible, none wanted: give the account access, or correct CONFLUENCE_SPACES`,
    );
  return `${spaces.length} visible, ${wanted.length} wanted`;
}

async function describePages(source: PageSource, found: Found, stop: AbortSignal): Promise<string> {
  if (found.space === null) {
    await source.confirm([ANY_ID], stop);
    return 'may be read';
  }
  const { key } = found.space;
  for await (const event of source.listPages(found.space, { bodies: false }, stop)) {
    if (event.kind === 'end' && !event.complete) throw new WrongConfiguration(event.reason);
    if (event.kind === 'end') break;
    const [first] = event.pages;
    if (first === undefined) continue;
    found.page = first.kind === 'page' ? first.head.id : first.id;
    return `space ${key} lists its pages`;
  }
  return `space ${key} has no pages`;
}

async function describeBody(source: PageSource, found: Found, stop: AbortSignal): Promise<string> {
  const [page] = await source.fetchPages([found.page ?? ANY_ID], stop);
  if (page?.kind === 'page') return `page ${page.head.id} was read`;
  if (page?.kind === 'failure') return `page ${page.id} is bad, others may be read: ${page.message}`;
  return 'may be read';
}

async function describeRoots(
  source: PageSource,
  rootPages: readonly string[],
  stop: AbortSignal,
): Promise<string> {
  const answers = await source.confirm(rootPages, stop);
  const unseen = rootPages.filter((id) => answers.get(id)?.kind !== 'live');
  if (unseen.length > 0)
    throw new WrongConfiguration(
      `not there, in the trash, or not visible to these credentials: ${unseen.join(', ')} (CONFLUENCE_ROOT_PAGES)`,
    );
  return `${rootPages.length} visible`;
}

/** Asked for where a page is below a folder, which no list of pages shows. */
async function describeAncestors(
  source: PageSource,
  rootPages: readonly string[],
  stop: AbortSignal,
): Promise<string> {
  await source.ancestry(
    rootPages.slice(0, 1).map((id) => ({ id, parentId: null })),
    stop,
  );
  return 'may be read';
}
