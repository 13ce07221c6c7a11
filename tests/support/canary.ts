/** Every form in which a secret could stand in a text: longest pieces that only this secret can make. */
export function formsOfCanary(secret: string, user: string | null): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  forms.set('plain', secret);
  forms.set('JSON-escaped', JSON.stringify(secret).slice(1, -1));
  forms.set('percent-encoded', encodeURIComponent(secret));
  forms.set('address-encoded', encodeURI(secret));
  forms.set('hex', Buffer.from(secret).toString('hex'));
  if (user !== null) forms.set('Basic', Buffer.from(`${user}:${secret}`).toString('base64'));
  for (const before of ['', 'x', 'xx']) {
    const text = Buffer.from(`${before}${secret}`).toString('base64');
    const inner = text.slice(4, text.length - 4);
    forms.set(`base64 after ${before.length}`, inner);
    forms.set(`base64url after ${before.length}`, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** Names each canary that stands in a text, with its form and what is around it. Letters count in either case. */
export function findCanaries(
  text: string,
  canaries: Readonly<Record<string, string>>,
  users: readonly string[],
): readonly string[] {
  const low = text.toLowerCase();
  return Object.entries(canaries).flatMap(([name, secret]) =>
    [null, ...users].flatMap((user) =>
      [...formsOfCanary(secret, user)].flatMap(([form, value]) => {
        const at = low.indexOf(value.toLowerCase());
        return at < 0 ? [] : [`${name} ${form}: …${text.slice(Math.max(0, at - 120), at + 40)}…`];
      }),
    ),
  );
}
