import { expect, it } from 'vitest';
import { OPTIMIZERS } from '../sweep/trial-config.ts';
import { halvingSteps, isPureDecayKnown, pureDecayAfter, pureDecayFactor } from './penalty-step.ts';

const settings = { momentum: 0.9, learningRate: 0.1, l2: 1e-3 };
const knownAmong = (changes: Partial<typeof settings>) =>
  OPTIMIZERS.filter((optimizer) => isPureDecayKnown({ ...settings, optimizer, ...changes }));

it('knows 1 − 2ηλ where the penalty is the whole step, and nowhere else', () => {
  expect(knownAmong({})).toEqual(['sgd', 'adamw', 'sgdw']);
  expect(knownAmong({ momentum: 0 })).toEqual(['sgd', 'momentum', 'nesterov', 'adamw', 'sgdw']);
});

it('knows of every optimizer that a weight without penalty stays', () => {
  expect(knownAmong({ l2: 0 })).toEqual([...OPTIMIZERS]);
  expect(pureDecayFactor({ ...settings, optimizer: 'adam', l2: 0 })).toBe(1);
});

it('gives no factor of which it does not know that it is one', () => {
  const wild = { momentum: 0.9, learningRate: 10, l2: 0.1 };
  expect(pureDecayFactor({ ...wild, optimizer: 'sgd' })).toBe(-1);
  expect(pureDecayFactor({ ...wild, optimizer: 'adam' })).toBeNull();
  expect(pureDecayAfter({ ...wild, optimizer: 'adam' }, 3)).toBeNull();
  expect(pureDecayAfter({ ...wild, optimizer: 'adamw' }, 3)).toBe(-1);
});

it.each([
  [1e-3, 3_466],
  [1, 4],
  // 0.4 of a weight after the first step, half after one.
  [3, 1],
  [2.5, 1],
  [5, null],
  [10, null],
  [0, null],
])('halves a weight in steps of 1 − 0.2 λ as far as they shrink it: λ = %d', (l2, steps) => {
  const found = halvingSteps({ ...settings, optimizer: 'adamw', l2 });
  expect(found).toBe(steps);
  if (found === null) return;
  expect((1 - 0.2 * l2) ** found).toBeLessThanOrEqual(0.5);
  expect((1 - 0.2 * l2) ** (found - 1)).toBeGreaterThan(0.5);
});

it('does not say in how many steps Adam halves a weight', () => {
  expect(halvingSteps({ ...settings, optimizer: 'adam' })).toBeNull();
});
