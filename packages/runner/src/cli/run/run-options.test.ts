import { InputError } from '@l2bn/core/sweep';
import { expect, it } from 'vitest';
import { failureLimit } from './run-options.ts';

it.each([
  ['continue', Number.POSITIVE_INFINITY],
  ['stop', 1],
  ['stop-after=1', 1],
  ['stop-after=2', 2],
  ['stop-after=10', 10],
])('%s stops a sweep after so many failed trials', (word, count) => {
  expect(failureLimit(word)).toBe(count);
});

it.each(['', 'stop-after', 'stop-after=', 'stop-after=0', 'stop-after=-1', 'stop-after=1.5', 'stop-after=2x', 'stops'])(
  'refuses %j',
  (word) => {
    expect(() => failureLimit(word)).toThrow(InputError);
  },
);
