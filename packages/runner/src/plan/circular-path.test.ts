import { expect, it } from 'vitest';
import { circularPath } from './circular-path.ts';

it('is where a value leads back to what holds it', () => {
  const list: unknown[] = [0];
  list.push({ again: list });
  expect(circularPath({ axes: { l2: list } })).toEqual(['axes', 'l2', 1, 'again']);
});

it('is nowhere where a value only stands in several places, however many ways lead there', () => {
  let value: unknown[] = [0];
  for (let depth = 0; depth < 60; depth++) value = [value, value];
  expect(circularPath(value)).toBeUndefined();
  expect(circularPath(null)).toBeUndefined();
});
