import { InputError } from '@l2bn/core/sweep';
import { Option } from 'commander';

/**
 * An option that takes one of some words.
 *
 * @throws InputError, when it is parsed, for any other word.
 */
export function optionOf<const T extends string>(flags: string, description: string, words: readonly T[]): Option {
  const option = new Option(flags, description).choices(words);
  const want = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return option.argParser((text): T => {
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new InputError({ path: option.long!, got: text === '' ? 'nothing' : text, want });
  });
}
