/** Reads `expand`, given by commas, by repetition, or both; `usual` where it is absent. */
export function readExpand(query: URLSearchParams, usual: readonly string[]): ReadonlySet<string> {
  const given = query.getAll('expand');
  const names = given.length === 0 ? usual : given.flatMap((text) => text.split(','));
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
}

/** Whether a part is expanded, by itself or through something within it. */
export function expands(expand: ReadonlySet<string>, part: string): boolean {
  return [...expand].some((name) => name === part || name.startsWith(`${part}.`));
}
