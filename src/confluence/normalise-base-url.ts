import { WrongConfiguration } from '../sync/errors.ts';
import { isLoopback } from './is-loopback.ts';

/** The parts of an address of Confluence, whatever form it was pasted in. */
export type BaseUrl = Readonly<{
  origin: string;
  /** Path before Confluence's own paths: empty, or starting with a slash and not ending in one. */
  contextPath: string;
  /** What the host alone tells. */
  deployment: 'cloud' | 'unknown';
  /** True where the host is one of Atlassian's own, so that its gateway serves the same site. */
  atlassian: boolean;
  /** Cloud id of a gateway address, whose context path then ends in it. */
  gatewayCloudId: string | null;
}>;

const LONGEST = 2000;
/** A name, in its ASCII form, or an IPv6 address. */
const HOST = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])$/;
const GATEWAY = /^\/ex\/confluence(?:$|\/(?:wiki(?:$|\/)|([^/]*)))/;
/** First segments of Confluence's own paths; the last three only behind a context path, for they may be one. */
const OWN_SEGMENT =
  /^(?:rest|api|display|pages|spaces|plugins|download|label|labels|users|admin|.*\.action)$/;
const OWN_SEGMENT_BEHIND_CONTEXT = /^(?:home|x|people)$/;

/**
 * Reads every form in which people paste the address: site, `/wiki`, a page's address, Data Center with a context path, the
 * gateway, a bare host. Throws `WrongConfiguration`, which never repeats the address, since it may hold a password.
 */
export function normaliseBaseUrl(input: string): BaseUrl {
  const base = readBase(parseAddress(input));
  // A second scheme moves a user name and password from where they are looked for into the path.
  if (/[@:]/.test(decoded(base.contextPath)))
    throw wrong('holds a user name, a password or a second address');
  return base;
}

function readBase(url: URL): BaseUrl {
  if (url.hostname === 'api.atlassian.com') return gatewayOf(url);
  const atlassian = /\.(?:atlassian\.net|jira\.com)$/.test(url.hostname);
  const origin = atlassian ? `https://${url.hostname}` : url.origin;
  const gateway = GATEWAY.exec(url.pathname);
  if (gateway !== null) return { ...gatewayOf(url), origin };
  return {
    origin,
    contextPath: contextPathOf(url.pathname),
    deployment: atlassian ? 'cloud' : 'unknown',
    atlassian,
    gatewayCloudId: null,
  };
}

function parseAddress(input: string): URL {
  const text = input.trim().replace(/^[<"'](.*)[>"']$/, '$1');
  if (text === '') throw wrong('is empty');
  if (text.length > LONGEST) throw wrong('is too long for an address');
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${schemeFor(text)}://${text}`;
  if (!URL.canParse(address)) throw wrong('is not an address');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong('is not an http or https address');
  if (url.username !== '' || url.password !== '')
    throw wrong('holds a user name or password: move them to CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN');
  url.hostname = url.hostname.replace(/\.+$/, '');
  url.pathname = url.pathname.replaceAll(/\/+/g, '/');
  if (!HOST.test(url.hostname)) throw wrong('is not an address');
  return url;
}

function decoded(path: string): string {
  return path.replaceAll(/%(40|3a)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function schemeFor(text: string): string {
  const host = /^(?:\[[^\]]*\]|[^:/]*)/.exec(text)?.[0] ?? '';
  return isLoopback(host) ? 'http' : 'https';
}

function wrong(problem: string): WrongConfiguration {
  return new WrongConfiguration(
    `CONFLUENCE_BASE_URL ${problem}; set it to the address of Confluence, such as https://your-site.atlassian.net/wiki or https://confluence.example.com/confluence`,
  );
}

function gatewayOf(url: URL): BaseUrl {
  const cloudId = GATEWAY.exec(url.pathname)?.[1] ?? '';
  if (cloudId === '') throw wrong('names the gateway without a site: add /ex/confluence/ and the cloud id');
  return {
    origin: url.hostname === 'api.atlassian.com' ? 'https://api.atlassian.com' : url.origin,
    contextPath: `/ex/confluence/${cloudId}`,
    deployment: 'cloud',
    atlassian: url.hostname === 'api.atlassian.com',
    gatewayCloudId: cloudId,
  };
}

function contextPathOf(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const own = segments.findIndex(
    (segment, index) => OWN_SEGMENT.test(segment) || (index > 0 && OWN_SEGMENT_BEHIND_CONTEXT.test(segment)),
  );
  const context = own < 0 ? segments : segments.slice(0, own);
  return context.map((segment) => `/${segment}`).join('');
}
