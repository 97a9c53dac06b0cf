import { InvalidArgumentError } from 'commander';

/** Takes a word of the command line as a whole number that is at least this. */
export const wholeNumber = (least: number) => {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`got ${text}, want a whole number ≥ ${least}.`);
  };
};
