import { createDice, type Dice } from '../dice.ts';
import { mix } from '../mix.ts';
import { makeUuid } from '../make-uuid.ts';
import { CODE_LINES, WORDS } from './words.ts';

/** One page in this many is empty until somebody edits it. */
const EMPTY_ONE_IN = 53;

/**
 * The body of the page at an index in storage format, between half and one and a half of `bodyBytes` long. An edit (a
 * higher `revision`) rewrites one block and leaves the others alone, as people do.
 */
export function makeStorage(seed: number, index: number, revision: number, bodyBytes: number): string {
  if (revision === 0 && index % EMPTY_ONE_IN === EMPTY_ONE_IN - 1) return '';
  const length = Math.ceil(bodyBytes * (0.5 + createDice(mix(seed, index, 2)).below(1000) / 1000));
  let storage = makeBlock(mix(seed, index, revision, 3), OPENING);
  for (let block = 1; storage.length < length; block++)
    storage += makeBlock(mix(seed, index, block, 4), BLOCKS);
  return storage;
}

type MakeBlock = (dice: Dice) => string;

function makeBlock(seed: number, choices: readonly [MakeBlock, ...MakeBlock[]]): string {
  const dice = createDice(seed);
  return dice.pick(choices)(dice);
}

function words(dice: Dice, atLeast: number): string {
  let text: string = dice.pick(WORDS);
  for (let left = atLeast + dice.below(atLeast) - 1; left > 0; left--) text += ` ${dice.pick(WORDS)}`;
  return text;
}

const paragraph: MakeBlock = (dice) => `<p>${words(dice, 20)}.</p>`;

const paragraphWithLocalId: MakeBlock = (dice) =>
  `<p local-id="${makeUuid(dice)}">${words(dice, 12)} <strong>${words(dice, 2)}</strong>,<br /><em>${words(dice, 3)}</em>.</p>`;

const heading: MakeBlock = (dice) => {
  const level = 2 + dice.below(3);
  return `<h${level}>${words(dice, 3)}</h${level}>${paragraph(dice)}`;
};

const list: MakeBlock = (dice) =>
  `<ul><li><p>${words(dice, 6)}</p></li><li><p>${words(dice, 6)}</p><ol><li>${words(dice, 4)}</li></ol></li></ul>`;

const table: MakeBlock = (dice) => {
  const row = (): string => `<tr><th>${words(dice, 2)}</th><td>${words(dice, 4)}</td><td /></tr>`;
  return `<table data-layout="default" ac:local-id="${makeUuid(dice)}"><colgroup><col style="width: 30.0%;" /><col /><col /></colgroup><tbody>${row()}${row()}${row()}</tbody></table>`;
};

const code: MakeBlock = (dice) => {
  const lines = Array.from({ length: 3 + dice.below(8) }, () => dice.pick(CODE_LINES)).join('\n');
  return `<ac:structured-macro ac:name="code" ac:schema-version="1" ac:macro-id="${makeUuid(dice)}"><ac:parameter ac:name="language">${dice.pick(['bash', 'sql', 'js'])}</ac:parameter><ac:parameter ac:name="linenumbers">true</ac:parameter><ac:plain-text-body><![CDATA[${lines}]]></ac:plain-text-body></ac:structured-macro>`;
};

const panel: MakeBlock = (dice) =>
  `<ac:structured-macro ac:name="${dice.pick(['info', 'note', 'panel'])}" ac:schema-version="1" ac:macro-id="${makeUuid(dice)}"><ac:parameter ac:name="title">${words(dice, 2)}</ac:parameter><ac:rich-text-body><p>${words(dice, 10)}</p></ac:rich-text-body></ac:structured-macro>`;

const tasks: MakeBlock = (dice) => {
  const task = (id: number): string =>
    `<ac:task><ac:task-id>${id}</ac:task-id><ac:task-uuid>${makeUuid(dice)}</ac:task-uuid><ac:task-status>${dice.pick(['complete', 'incomplete'])}</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">${words(dice, 4)}</span></ac:task-body></ac:task>`;
  return `<ac:task-list>${task(1)}${task(2)}</ac:task-list>`;
};

const links: MakeBlock = (dice) =>
  `<p>${words(dice, 4)} <ac:link><ri:page ri:content-title="${words(dice, 2)}" ri:space-key="ENG" ri:version-at-save="${1 + dice.below(9)}" /><ac:link-body>${words(dice, 2)}</ac:link-body></ac:link> <a href="https://example.org/?a=1&amp;b=${dice.below(99)}">${words(dice, 2)}</a> <ac:link><ri:user ri:account-id="712020:${makeUuid(dice)}" /></ac:link></p>`;

const image: MakeBlock = (dice) =>
  `<ac:image ac:align="center" ac:width="${100 + dice.below(600)}" ac:alt="${words(dice, 2)}"><ri:attachment ri:filename="image-${dice.below(999)}.png" ri:version-at-save="1" /></ac:image>`;

const OPENING: readonly [MakeBlock, ...MakeBlock[]] = [paragraph, paragraphWithLocalId];

const BLOCKS: readonly [MakeBlock, ...MakeBlock[]] = [
  paragraph,
  paragraph,
  paragraphWithLocalId,
  heading,
  heading,
  list,
  table,
  code,
  panel,
  tasks,
  links,
  image,
];
