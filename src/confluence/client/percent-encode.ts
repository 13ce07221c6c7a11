/** Percent-encodes text for an address. Half a surrogate pair, which JSON can carry and no address, becomes U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
