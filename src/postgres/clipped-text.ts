import { storableText } from '../content/storable-text.ts';

/** Text that every UTF-8 database takes, cut after `maxLength` UTF-16 units. */
export function clippedText(text: string, maxLength: number): string {
  return storableText(text.slice(0, maxLength)).text;
}
