import type { SampleSiteOptions } from '../sample-site.ts';
import { createFolderBase } from '../base/folder-base.ts';
import { createGeneratedBase, generatedIds } from '../base/generated-base.ts';
import { defaultSpaceCount, makeSpaces } from '../base/make-spaces.ts';
import { createCollection, type Collection } from './collection.ts';
import { createFolders, noFolders } from './create-folders.ts';
import type { Library } from './library.ts';

const DEFAULT_PAGES = 120;
const DEFAULT_BODY_BYTES = 3_000;
const MOST_PAGES = 1_000_000;
const ARCHIVED_ONE_IN = 500;
const MOST_ARCHIVED = 100;

/** Makes the site's content from its options. */
export function createLibrary(options: SampleSiteOptions): Library {
  const { contentDir } = options;
  if (contentDir === undefined) return inventedLibrary(options);
  const { base, spaces } = createFolderBase(contentDir);
  return {
    spaces,
    collections: { page: createCollection(base), blogpost: blogposts(options, spaces.length) },
    folders: noFolders,
  };
}

function inventedLibrary(options: SampleSiteOptions): Library {
  const size = Math.min(MOST_PAGES, options.pages ?? DEFAULT_PAGES);
  const spaceCount = options.spaces ?? defaultSpaceCount(size);
  const ids = generatedIds('page', size);
  const homepages = Array.from({ length: spaceCount }, (_, index) => (index < size ? ids.idAt(index) : null));
  const page = createCollection(
    createGeneratedBase({ type: 'page', size, spaces: spaceCount, ...commonOptions(options) }),
  );
  if (options.deployment === 'cloud') archiveSome(page, size, ids.idAt);
  return {
    spaces: makeSpaces(options.deployment, options.seed ?? 1, homepages),
    collections: { page, blogpost: blogposts(options, spaceCount) },
    folders:
      options.deployment === 'cloud'
        ? createFolders({ size, spaces: spaceCount, idAt: ids.idAt })
        : noFolders,
  };
}

function blogposts(options: SampleSiteOptions, spaces: number): Collection {
  const size = spaces === 0 ? 0 : (options.blogposts ?? 0);
  return createCollection(createGeneratedBase({ type: 'blogpost', size, spaces, ...commonOptions(options) }));
}

function commonOptions(options: SampleSiteOptions): { seed: number; bodyBytes: number; folders: boolean } {
  return {
    seed: options.seed ?? 1,
    bodyBytes: options.bodyBytes ?? DEFAULT_BODY_BYTES,
    folders: options.deployment === 'cloud',
  };
}

function archiveSome(page: Collection, size: number, idAt: (index: number) => string): void {
  const last = Math.min(size, ARCHIVED_ONE_IN * MOST_ARCHIVED);
  for (let index = ARCHIVED_ONE_IN / 2; index < last; index += ARCHIVED_ONE_IN) {
    const content = page.get(idAt(index));
    if (content !== null) page.put({ ...content, status: 'archived' });
  }
}
