/** Text that every UTF-8 database takes: NUL and lone surrogates become U+FFFD, and it is cut after `maxLength` characters. */
export function storableText(text: string, maxLength: number): string {
  const short = text.length > maxLength ? text.slice(0, maxLength) : text;
  return short.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** JSON whose strings every database takes as jsonb. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part, part.length) : part,
  );
}
