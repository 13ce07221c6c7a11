/** The short address of a page: its id as little-endian bytes in base64, without what is only padding. */
export function tinyLink(id: string): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(id));
  const text = bytes.toString('base64').replaceAll('/', '-').replaceAll('+', '_');
  return `/x/${text.replace(/[A=]+$/, '')}`;
}
