import type { ConfluenceSource } from '../confluence/create-confluence-source.ts';
import { SyncError } from '../sync/errors.ts';
import type { ListingEvent } from '../sync/source.ts';

/**
 * Passes on what a source tells about itself and its troubles without credentials: a server may give back what it was sent. Pages
 * are content, and stay as they are.
 */
export function redactSource(source: ConfluenceSource, redact: (text: string) => string): ConfluenceSource {
  const safely = <Result>(work: Promise<Result>) => work.catch((error: unknown) => fail(error, redact));
  const walked = (events: AsyncIterable<ListingEvent>) => redactListing(events, redact);
  return {
    ...source,
    site: async (signal, before) => {
      const site = await safely(source.site(signal, before));
      return { ...site, version: site.version === null ? null : redact(site.version) };
    },
    whoAmI: async (signal) => {
      const who = await safely(source.whoAmI(signal));
      if (who.kind === 'anonymous') return who;
      if (who.kind === 'unknown') return { ...who, reason: redact(who.reason) };
      return { ...who, id: redact(who.id), displayName: redact(who.displayName) };
    },
    listSpaces: async (signal) => {
      const listing = await safely(source.listSpaces(signal));
      const spaces = listing.spaces.map((space) => ({ ...space, name: redact(space.name) }));
      return { ...listing, spaces, reason: listing.reason === null ? null : redact(listing.reason) };
    },
    listPages: (space, options, signal) => walked(source.listPages(space, options, signal)),
    listChanges: (spaces, signal) => walked(source.listChanges(spaces, signal)),
    fetchPages: (ids, signal) => safely(source.fetchPages(ids, signal)),
    confirm: async (ids, signal) => redactReasons(await safely(source.confirm(ids, signal)), redact),
    ancestry: async (pages, signal) => redactReasons(await safely(source.ancestry(pages, signal)), redact),
  };
}

async function* redactListing(
  events: AsyncIterable<ListingEvent>,
  redact: (text: string) => string,
): AsyncGenerator<ListingEvent, void> {
  try {
    for await (const event of events)
      yield event.kind === 'end' && !event.complete ? { ...event, reason: redact(event.reason) } : event;
  } catch (error) {
    fail(error, redact);
  }
}

function redactReasons<Word extends Readonly<{ kind: string }>>(
  words: ReadonlyMap<string, Word>,
  redact: (text: string) => string,
): ReadonlyMap<string, Word> {
  const redacted = (word: Word): Word =>
    'reason' in word && typeof word.reason === 'string' ? { ...word, reason: redact(word.reason) } : word;
  return new Map([...words].map(([id, word]) => [id, redacted(word)]));
}

function fail(error: unknown, redact: (text: string) => string): never {
  if (error instanceof SyncError) error.message = redact(error.message);
  throw error;
}
