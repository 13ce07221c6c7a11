/** What to expand so that a row holds all that is stored of a page. */
export function expansions(bodies: boolean): string {
  return `version,space,ancestors${bodies ? ',body.storage' : ''}`;
}
