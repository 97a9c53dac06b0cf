import { InputError } from '@l2bn/core/sweep';

interface Wanted {
  least: number;
  most?: number;
  /** A word that would do, as it is typed. */
  example: string;
}

/**
 * Takes a word of the command line as a whole number.
 *
 * @param name Of the option or command that it belongs to, as it is typed.
 * @throws InputError for any other word.
 */
export const wholeNumber = (name: string, { least, most = Number.MAX_SAFE_INTEGER, example }: Wanted) => {
  return (text: string): number => {
    const value = Number(text);
    // `Number` takes an empty word for 0.
    if (/\d/.test(text) && Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`;
    const got = text === '' ? 'nothing' : text;
    throw new InputError({ path: name, got, want: `a whole number ${range}, such as ${example}` });
  };
};
