import { storableText } from '../content/storable-text.ts';

/** JSON whose strings every database takes as jsonb. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part).text : part,
  );
}
