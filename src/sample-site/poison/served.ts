/** A page as the API tells it, before it is put into a deployment's shape: poison makes any field anything. */
export type Served = Readonly<{
  id: unknown;
  title: unknown;
  status: unknown;
  /** Undefined leaves the field out. */
  version: ServedVersion | null | undefined;
  /** The body's text; undefined leaves the body out although it was asked for. */
  storage: unknown;
  extra: Readonly<Record<string, unknown>>;
}>;

/** A version as told: a number of milliseconds becomes a date in the deployment's form, a text is sent as it is. */
export type ServedVersion = Readonly<{ number: unknown; when: number | string }>;
