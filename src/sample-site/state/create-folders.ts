import { folderIdAt } from '../base/folder-ids.ts';
import { indexAbove } from '../base/generated-base.ts';
import type { SiteFolder } from '../content.ts';

/** The folders of a site: as invented, until they are moved. */
export type Folders = Readonly<{
  get: (id: string) => SiteFolder | null;
  put: (folder: SiteFolder) => void;
  all: () => Iterable<SiteFolder>;
}>;

type FoldersOptions = Readonly<{ size: number; spaces: number; idAt: (index: number) => string }>;

/** No folders at all. */
export const noFolders: Folders = { get: () => null, put: () => undefined, all: () => [] };

/** The folders of an invented site of this size: each lies where the page within it would lie without it. */
export function createFolders({ size, spaces, idAt }: FoldersOptions): Folders {
  const all = new Map<string, SiteFolder>();
  for (let index = 0; index < size; index++) {
    const id = folderIdAt(index);
    const above = indexAbove(index, spaces);
    if (id === null || above === null) continue;
    const parent = { parentId: idAt(above), parentType: 'page' } as const;
    all.set(id, { id, spaceIndex: index % spaces, title: `Folder ${index}`, ...parent });
  }
  return {
    get: (id) => all.get(id) ?? null,
    put: (folder) => {
      all.set(folder.id, folder);
    },
    all: () => all.values(),
  };
}
