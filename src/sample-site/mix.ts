/** Mixes whole numbers into one even 32-bit number: the same parts give the same number on every machine. */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = stir(hash ^ stir(part >>> 0) ^ stir(Math.floor(part / 0x1_0000_0000)));
  return hash;
}

function stir(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
