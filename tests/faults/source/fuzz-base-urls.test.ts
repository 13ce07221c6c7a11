import { expect, test } from '@jest/globals';
import { cloudRoot, dataCenterRoot, gatewayRoot, tokenUrl } from '../../../src/confluence/api-roots.ts';
import { normaliseBaseUrl, type BaseUrl } from '../../../src/confluence/normalise-base-url.ts';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { baseUrls, SECRET_WORD } from '../../support/base-url-arbitrary.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from '../../support/fuzz.ts';

/** The parts, or null where the address was refused by name and without a word of it. */
function read(address: string): BaseUrl | null {
  try {
    return normaliseBaseUrl(address);
  } catch (error) {
    if (!(error instanceof WrongConfiguration)) throw error;
    expect(error.message.slice(0, 300)).toMatch(/^CONFLUENCE_BASE_URL .*;/);
    expect(error.message).not.toContain(SECRET_WORD);
    return null;
  }
}

/** Throws where a root is none that requests can start from. */
function assertRoot(root: string): void {
  const { protocol, username, password, search, hash, hostname } = new URL(root);
  const isPlain =
    `${username}${password}${search}${hash}` === '' && !/[?#\s@]/.test(root) && !root.endsWith('/');
  if (!/^https?:$/.test(protocol) || !isPlain || hostname === '' || hostname.endsWith('.'))
    throw new Error(`no root: ${root.slice(0, 300)}`);
}

test(
  'whatever CONFLUENCE_BASE_URL holds, it is a normal address or refused by its name',
  async () => {
    const kinds = new Map<string, number>();

    await fuzz(baseUrls, (address) => {
      const base = read(address);
      const kind = base === null ? 'refused' : base.gatewayCloudId === null ? base.deployment : 'gateway';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (base === null) return;

      for (const root of [cloudRoot, dataCenterRoot]) {
        const first = root(base);
        const again = read(first);
        assertRoot(first);
        if (again === null || root(again) !== first)
          throw new Error(
            `${first.slice(0, 300)} becomes ${again === null ? 'refused' : root(again).slice(0, 300)}`,
          );
        if (again.origin !== base.origin || again.gatewayCloudId !== base.gatewayCloudId)
          throw new Error('another origin or cloud id');
      }
      assertRoot(gatewayRoot(base, 'a1b2'));
      assertRoot(tokenUrl(base).href);
      const { pathname } = new URL(cloudRoot(base));
      if (!pathname.endsWith('/wiki') || pathname.endsWith('/wiki/wiki')) throw new Error('not one /wiki');
      if (`${base.origin}${base.contextPath}`.includes(SECRET_WORD))
        throw new Error('the secret is part of it');
    });

    expect([...kinds.keys()].sort()).toEqual(['cloud', 'gateway', 'refused', 'unknown']);
  },
  FUZZ_TIMEOUT_MS,
);
