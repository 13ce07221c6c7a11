import type { Site } from '../http/site.ts';
import type { FaultValues } from './fault.ts';

/** The keys, in lower case, of the spaces that the parameter `space` names, parted by `+`; else of the one in the middle. */
export function chooseSpaces({ library: { spaces } }: Site, values: FaultValues): readonly string[] {
  const middle = spaces[Math.floor(spaces.length / 2)]?.key ?? '';
  return (values.text('space') || middle).toLowerCase().split('+');
}
