import { expect, it } from 'vitest';
import { decayAfter, decayFactor, weightDecayOf } from './decay.ts';

/** Epoch 1 and epoch 10 of the article's L2-only arm. */
const ARTICLE = [
  [0.13498078, 0.00809666],
  [-0.12406565, -0.00744193],
  [0.05617869, 0.00336981],
  [0.1112484, 0.00667309],
] as const;
const STEPS = 9 * Math.ceil(50_000 / 32);

it('has the gradient coefficient 2c, as Keras and tfjs', () => {
  expect(weightDecayOf(1e-3)).toBe(2e-3);
  expect(decayFactor(0.1, 1e-3)).toBe(1 - 2e-4);
});

it('gives the ratio of the weights that the article prints', () => {
  const expected = decayAfter(0.1, 1e-3, STEPS);
  // The printed values have 8 decimals, so a ratio is known to 5e-9 / 0.0033 = 1.5e-6 relative.
  for (const [first, last] of ARTICLE) expect(Math.abs(last / first / expected - 1)).toBeLessThan(2e-6);
});

it('tells the step count from the article: nine epochs of 1563 steps, to the integer', () => {
  const ratio = ARTICLE.reduce((sum, [first, last]) => sum + last / first, 0) / ARTICLE.length;
  expect(Math.round(Math.log(ratio) / Math.log(decayFactor(0.1, 1e-3)))).toBe(STEPS);
});

it('keeps its digits where 1 − 2ηc is next to 1', () => {
  // Series: (1−x)^n = 1 − nx + n(n−1)/2·x² − …, with x = 2e-12 and n = 1e6.
  const x = 2e-12;
  expect(decayAfter(1e-3, 1e-9, 1e6)).toBeCloseTo(1 - 1e6 * x + ((1e6 * (1e6 - 1)) / 2) * x * x, 15);
});

it('is 1 without a penalty', () => {
  expect(decayAfter(0.1, 0, 1e6)).toBe(1);
});

it('keeps its sign where a step overshoots zero', () => {
  expect(decayAfter(0.5, 1, 0)).toBe(1);
  expect(decayAfter(0.5, 1, 3)).toBe(0);
  expect(decayAfter(0.5, 1.5, 3)).toBe(-0.125);
  expect(decayAfter(0.5, 1.5, 4)).toBe(0.0625);
});
