/** A word, a sign or a quoted text of a query. */
export type CqlToken = Readonly<{ text: string; quoted: boolean }>;

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|[=~<>(),])|([^\s=!~<>(),"']+)|(.))/gsu;

/** Splits a query into its words. */
export function readCqlTokens(text: string): CqlToken[] {
  return [...text.trim().matchAll(TOKEN)].map((match) => {
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) return { text: quoted.replaceAll(/\\(.)/g, '$1'), quoted: true };
    return { text: match[3] ?? match[4] ?? match[5] ?? '', quoted: false };
  });
}
