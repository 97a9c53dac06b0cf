import { InputError } from '@l2bn/core/sweep';
import { expect, it } from 'vitest';
import { optionOf } from './one-of.ts';
import { wholeNumber } from './whole-number.ts';

const port = wholeNumber('--port', { least: 0, most: 65_535, example: '--port 8080' });

it('takes whole numbers in the range', () => {
  expect(['0', '65535'].map(port)).toEqual([0, 65_535]);
});

it.each(['a', '-1', '1.5', '65536', 'Infinity'])('says once what came and what is wanted: %s', (text) => {
  expect(() => port(text)).toThrow(
    new InputError({ path: '--port', got: text, want: 'a whole number from 0 to 65535, such as --port 8080' }),
  );
});

it('takes an empty word for none', () => {
  expect(() => port('')).toThrow('--port: got nothing, want a whole number');
});

it('takes one of some words, and lists them otherwise', () => {
  const rows = optionOf('-r, --rows <rows>', 'rows', ['trials', 'epochs', 'steps']);
  expect(rows.parseArg?.('epochs', undefined)).toBe('epochs');
  expect(() => rows.parseArg?.('epoch', undefined)).toThrow(
    new InputError({ path: '--rows', got: 'epoch', want: 'trials, epochs or steps' }),
  );
});
