/** Shorter forms are found in texts that have nothing to do with the secret. */
const SHORTEST = 4;
const SHORTEST_DERIVED = 8;

/**
 * Makes a function that blots out every secret in a text: plain, JSON-escaped, percent-encoded, in hex, and in base64 and base64url
 * wherever it begins, so as a part of a Basic header, too. The last line of defence: nothing is supposed to print them in the
 * first place.
 */
export function createRedactor(secrets: readonly string[], user: string | null): (text: string) => string {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= SHORTEST).flatMap((secret) => formsOf(secret, user)),
  );
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
}

function formsOf(secret: string, user: string | null): readonly string[] {
  const pairs = user === null ? [] : [Buffer.from(`${user}:${secret}`).toString('base64')];
  const escaped = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const plain = [secret, escaped, JSON.stringify(escaped).slice(1, -1), percent];
  const whole = Buffer.from(secret).toString('base64');
  const derived = [
    lowerCaseHex(percent),
    percent.replaceAll('%20', '+'),
    ...inHex(secret),
    ...inBase64(secret),
  ];
  return [...plain, whole, ...pairs, ...derived.filter((form) => form.length >= SHORTEST_DERIVED)];
}

function lowerCaseHex(percent: string): string {
  return percent.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase());
}

function inHex(secret: string): readonly string[] {
  const hex = Buffer.from(secret).toString('hex');
  return [hex, hex.toUpperCase()];
}

/** The characters that the secret alone decides, for each of the three places in a group of bytes where it may begin. */
function inBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const inner = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
