/** The first position in `[0, length)` for which `reached` holds, or `length`; `reached` must stay true once it is. */
export function lowerBound(length: number, reached: (position: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
