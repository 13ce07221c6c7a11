import { createDice } from '../dice.ts';
import { mix } from '../mix.ts';
import { KINDS, TOPICS } from './words.ts';

/** One page in this many has a title that is hard on careless programs. */
const ODD_ONE_IN = 29;

/** The title of the page at an index: unlike any other of the site, because the index is its last number. */
export function makeTitle(seed: number, index: number): string {
  const dice = createDice(mix(seed, index, 1));
  const plain = `${dice.pick(TOPICS)} ${dice.pick(KINDS)} ${index}`;
  return index % ODD_ONE_IN === ODD_ONE_IN - 1 ? dice.pick(ODD_TITLES)(plain) : plain;
}

/** The indices whose title could be this one: the number at its end. */
export function indicesOfTitle(title: string): readonly number[] {
  const digits = /(\d{1,9})\D*$/.exec(title)?.[1];
  return digits === undefined ? [] : [Number(digits)];
}

type Decorate = (plain: string) => string;

const ODD_TITLES: readonly [Decorate, ...Decorate[]] = [
  (plain) => `🚀 ${plain} 👩‍👩‍👧`,
  (plain) => `  ${plain} `,
  (plain) => `מדריך תפעול ${plain}`,
  (plain) => plain.replaceAll(' ', '\u00a0'),
  (plain) => `<b>"R&D"</b> & 'more' ${plain}`,
  (plain) => `a/b\\c?d=e#f%20 ${plain}`,
  (plain) => `half an emoji \ufffd ${plain}`,
  (plain) => `u\u0308ber cafe\u0301 ${plain}`,
  (plain) => `${'long '.repeat(51)}${plain}`.slice(-255),
];
