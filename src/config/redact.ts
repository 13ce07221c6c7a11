/**
 * Makes a function that blots out every secret in a text, also in base64, URL-encoded and as the value of a Basic header. The
 * last line of defence: nothing is supposed to print them in the first place.
 */
export function createRedactor(secrets: readonly string[], user: string | null): (text: string) => string {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= 4).flatMap((secret) => formsOf(secret, user)),
  );
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
}

function formsOf(secret: string, user: string | null): readonly string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const basic = user === null ? [] : [base64(`${user}:${secret}`)];
  return [secret, encodeURIComponent(secret), base64(secret), base64(secret).replace(/=+$/, ''), ...basic];
}
