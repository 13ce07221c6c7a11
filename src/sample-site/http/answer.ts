/** What a handler answers, before any fault has its way with it. */
export type Answer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Readonly<{ kind: 'json'; value: unknown }> | Readonly<{ kind: 'text'; type: string; text: string }>;
}>;

/** An answer in JSON. */
export function jsonAnswer(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { kind: 'json', value } };
}

/** An answer that is a web page. */
export function htmlAnswer(
  text: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { kind: 'text', type: 'text/html;charset=UTF-8', text } };
}
