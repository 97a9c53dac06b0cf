import { expect, it } from 'vitest';
import { isPaintable } from './paintable.ts';

it.each([
  [true, 'xterm-256color', true],
  [true, undefined, true],
  [true, 'dumb', false],
  [false, 'xterm-256color', false],
])('a stream with isTTY %s and TERM=%s', (isTTY, term, painted) => {
  expect(isPaintable({ isTTY }, term === undefined ? {} : { TERM: term })).toBe(painted);
});
