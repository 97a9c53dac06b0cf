import { expect, it } from 'vitest';
import { describe } from './input-error.ts';

it('describes any value in a few characters, also what JSON cannot say', () => {
  const circle: unknown[] = [];
  circle.push({ circle });
  expect([1e-5, 'a', [0, 'b'], undefined, 3n].map(describe)).toEqual(['0.00001', '"a"', '[0,"b"]', 'nothing', '3']);
  expect(describe({ circle })).toBe('[object Object]');
  expect(describe({ big: 3n })).toBe('[object Object]');
  expect(describe('x'.repeat(200))).toHaveLength(78);
});
