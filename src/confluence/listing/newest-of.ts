import type { ListedPage } from '../../sync/source.ts';

/** Each page once, in its highest version, in the order in which the ids came first. */
export function newestOf<Page extends ListedPage>(pages: Iterable<Page>): readonly Page[] {
  const newest = new Map<string, Page>();
  for (const page of pages) {
    const known = newest.get(listedId(page));
    if (known === undefined || versionOf(page) > versionOf(known)) newest.set(listedId(page), page);
  }
  return [...newest.values()];
}

/** The id of a listed page, whatever it came as. */
export function listedId(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

/** Its version; lower than any where it tells none. */
export function versionOf(page: ListedPage): number {
  return (page.kind === 'page' ? page.head.version : page.version) ?? -1;
}
