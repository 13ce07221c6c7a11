import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number from `lowest` to `highest`. */
export function wholeNumber(lowest: number, highest: number) {
  return (text: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= lowest && number <= highest))
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    return number;
  };
}
