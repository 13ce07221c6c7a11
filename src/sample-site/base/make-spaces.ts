import type { SiteSpace } from '../content.ts';
import type { Deployment } from '../sample-site.ts';
import { createDice } from '../dice.ts';
import { makeUuid } from '../make-uuid.ts';
import { SPACE_NAMES } from './words.ts';

/** What is told from outside about a space. */
type SpaceWish = Readonly<{ key: string; name: string; homepageId: string | null }>;

const FIRST_ID = 2_147_483_777;
const ID_STEP = 97;
const FIRST_MADE = Date.UTC(2022, 2, 19, 14, 23, 47, 384);
const DAY_MS = 86_400_000;

/** How many spaces a generated site of this size has unless told otherwise. */
export function defaultSpaceCount(pages: number): number {
  return Math.min(200, Math.max(1, Math.round(pages / 50)));
}

/** The spaces of a generated site: the second is personal, the last of three or more is archived. */
export function makeSpaces(
  deployment: Deployment,
  seed: number,
  homepages: readonly (string | null)[],
): SiteSpace[] {
  return homepages.map((homepageId, index) => {
    const personal = index === 1;
    const archived = index > 1 && index === homepages.length - 1;
    const wish = personal ? personalSpace(deployment, seed) : globalSpace(index);
    return {
      ...describeSpace({ ...wish, homepageId }, index),
      type: personal ? 'personal' : 'global',
      status: archived ? 'archived' : 'current',
    };
  });
}

/** A plain global space at a place in the list. */
export function describeSpace(wish: SpaceWish, index: number): SiteSpace {
  return {
    ...wish,
    index,
    id: String(FIRST_ID + index * ID_STEP),
    type: 'global',
    status: 'current',
    createdAt: FIRST_MADE + index * DAY_MS,
  };
}

function globalSpace(index: number): Readonly<{ key: string; name: string }> {
  const [key = '', name = ''] = SPACE_NAMES[index % SPACE_NAMES.length]?.split('=') ?? [];
  const round = Math.floor(index / SPACE_NAMES.length);
  return round === 0 ? { key, name } : { key: `${key}${round + 1}`, name: `${name} ${round + 1}` };
}

function personalSpace(deployment: Deployment, seed: number): Readonly<{ key: string; name: string }> {
  if (deployment === 'datacenter') return { key: '~jdoe', name: 'Jo Doe' };
  const account = makeUuid(createDice(seed)).replaceAll('-', '');
  return { key: `~712020${account}`, name: 'Jo Doe' };
}
