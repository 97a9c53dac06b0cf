import { expect, it } from 'vitest';
import { wrapped } from './wrapped.ts';

it('breaks long lines between words, what follows two further in', () => {
  expect(wrapped('  ✓ one two three four\nshort', 12)).toBe('  ✓ one two\n    three\n    four\nshort');
});

it('leaves a word whole that is longer than a line', () => {
  expect(wrapped('a sweeps/of-a-long-name b', 10)).toBe('a\n  sweeps/of-a-long-name\n  b');
});

it('changes nothing where lines have no end', () => {
  const text = `  ${'word '.repeat(100).trim()}`;
  expect(wrapped(text, Number.POSITIVE_INFINITY)).toBe(text);
});
