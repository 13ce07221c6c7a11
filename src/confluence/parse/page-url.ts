/** The address a person can open: `base` with the path that Confluence gave, or the one that works for every id. */
export function pageUrl(base: string, webui: unknown, id: string): string {
  const path =
    typeof webui === 'string' && webui.startsWith('/') ? webui : `/pages/viewpage.action?pageId=${id}`;
  return `${base}${path}`;
}

/** Characters of a base that is believed. */
const LONGEST_BASE = 2000;

/** `_links.base` where it is an http(s) address without a user in it, as far as its path, without a slash at the end; else `own`. */
export function linkBase(base: unknown, own: string): string {
  if (typeof base !== 'string' || base.length > LONGEST_BASE || !URL.canParse(base)) return own;
  const { protocol, username, password, origin, pathname } = new URL(base);
  const usable = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return usable ? `${origin}${pathname.replace(/\/+$/, '')}` : own;
}
