/** A request as the model sees it: the path behind the site's base. */
export type ModelRequest = Readonly<{ method: string; path: string; query: URLSearchParams }>;

/** What the model answers. */
export type ModelAnswer = Readonly<{ status: number; json: unknown }>;
