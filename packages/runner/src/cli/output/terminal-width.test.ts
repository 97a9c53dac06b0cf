import { expect, it } from 'vitest';
import { terminalWidth } from './terminal-width.ts';

it('is that of a terminal, and has no end elsewhere', () => {
  expect(terminalWidth({ isTTY: true, columns: 80 })).toBe(80);
  // A terminal that nobody has told its size.
  expect(terminalWidth({ isTTY: true, columns: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(terminalWidth({ isTTY: false, columns: 80 })).toBe(Number.POSITIVE_INFINITY);
});
