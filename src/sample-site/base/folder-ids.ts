const ONE_IN = 97;
const FIRST_ID = 2_150_000_000;

/** The id of the folder that the page at an index lies in; null where it lies below a page. */
export function folderIdAt(index: number): string | null {
  return index % ONE_IN === ONE_IN - 1 ? String(FIRST_ID + index) : null;
}
