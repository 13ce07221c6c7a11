/** A JSON object with more in its `_links`. */
export function withLinks(
  json: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { _links: links } = json;
  return { ...json, _links: { ...(typeof links === 'object' ? links : {}), ...more } };
}
