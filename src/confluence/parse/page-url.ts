/** The address a person can open: `base` with the path that Confluence gave, or the one that works for every id. */
export function pageUrl(base: string, webui: unknown, id: string): string {
  const path =
    typeof webui === 'string' && webui.startsWith('/') ? webui : `/pages/viewpage.action?pageId=${id}`;
  return `${base}${path}`;
}

/** `_links.base` where it is an http(s) address without a user in it, without the slash at its end; else `own`. */
export function linkBase(base: unknown, own: string): string {
  if (typeof base !== 'string' || !URL.canParse(base)) return own;
  const { protocol, username, password } = new URL(base);
  const usable = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return usable ? base.replace(/\/+$/, '') : own;
}
