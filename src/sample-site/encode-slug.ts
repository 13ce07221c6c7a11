/** Writes a title as a part of an address, with `+` for spaces; half an emoji becomes U+FFFD. */
export function encodeSlug(title: string): string {
  return new URLSearchParams([['', title]]).toString().slice(1);
}
