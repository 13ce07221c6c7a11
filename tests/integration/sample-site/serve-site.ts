import { afterEach } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite, SampleSiteOptions, SiteAddress } from '../../../src/sample-site/sample-site.ts';
import { realClock } from '../../support/test-clock.ts';

/** An answer with its body read. */
export type Got = Readonly<{ status: number; headers: Headers; text: string; json: Json }>;

/** JSON that a test looks into: any path may be asked for, what is not there is undefined. */
export type Json = Readonly<{
  [name: string]: Json | undefined;
}> &
  readonly (Json | undefined)[];

/** A site that listens, and ways to ask it. */
export type Served = SiteAddress &
  Readonly<{ site: SampleSite; get: (path: string, init?: RequestInit) => Promise<Got> }>;

const open: SampleSite[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((site) => site.close()));
});

/** Starts a site on a free port; it is closed after the test. Paths are asked for below its base address. */
export async function serveSite(options: Partial<SampleSiteOptions> = {}): Promise<Served> {
  const site = createSampleSite({
    deployment: 'cloud',
    pages: 120,
    bodyBytes: 600,
    clock: realClock,
    ...options,
  });
  open.push(site);
  const address = await site.listen(0);
  const get = async (path: string, init?: RequestInit): Promise<Got> => {
    const response = await fetch(path.startsWith('http') ? path : `${address.url}${path}`, {
      redirect: 'manual',
      ...init,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  return { ...address, site, get };
}

/** Reads a v2 list to its end by its `next` links; returns every row. */
export async function walkCloud({ get, origin }: Served, path: string): Promise<Json[]> {
  const rows: Json[] = [];
  let next: string | undefined = `/wiki${path}`;
  while (next !== undefined) {
    const { json } = await get(`${origin}${next}`);
    rows.push(...listOf(json['results']));
    next = textOf(json['_links']?.['next']);
  }
  return rows;
}

/** Reads a Data Center list to its end by its `next` links; returns every row. */
export async function walkDataCenter({ get, url }: Served, path: string): Promise<Json[]> {
  const rows: Json[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { json } = await get(`${url}${next}`);
    rows.push(...listOf(json['results']));
    next = textOf(json['_links']?.['next']);
  }
  return rows;
}

/** A list's items; none where it is no list. */
export function listOf(json: Json | undefined): Json[] {
  return Array.isArray(json) ? (json as Json[]) : [];
}

/** A text, or undefined where it is none. */
export function textOf(json: unknown): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

/** The ids of rows, as texts. */
export function idsOf(rows: readonly Json[]): string[] {
  return rows.map((row) => String(row['id']));
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return Object.assign([], {}) as unknown as Json;
  }
}
