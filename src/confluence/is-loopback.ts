/** Tells whether a host is this machine itself: where sample sites and tests stand in for all of Confluence's hosts. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);
}
