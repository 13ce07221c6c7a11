/** Prints whether a figure is as good as it is meant to be. */
export function tellTarget(
  what: string,
  figure: number,
  bound: 'at least' | 'at most',
  wanted: number,
): void {
  const isMet = bound === 'at least' ? figure >= wanted : figure <= wanted;
  console.log(
    `  ${isMet ? 'met   ' : 'MISSED'} ${what}: ${figure.toFixed(2)}, wanted ${bound} ${String(wanted)}`,
  );
}
