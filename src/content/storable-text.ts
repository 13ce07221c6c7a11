/** `removed` counts the characters that were taken out or replaced. */
type StorableText = Readonly<{ text: string; removed: number }>;

/**
 * Text as PostgreSQL takes it: without NUL, which no `text` column holds, and with U+FFFD for each lone surrogate, which
 * has no UTF-8 form. Text without either comes back as the same string.
 */
export function storableText(text: string): StorableText {
  if (!text.includes('\0') && text.isWellFormed()) return { text, removed: 0 };
  const withoutNul = text.replaceAll('\0', '');
  return {
    text: withoutNul.toWellFormed(),
    removed: text.length - withoutNul.length + loneSurrogates(withoutNul),
  };
}

function loneSurrogates(text: string): number {
  return text.match(/\p{Surrogate}/gu)?.length ?? 0;
}

declare global {
  // Node 20 has both; the standard library's types of ES2023 do not yet.
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}
