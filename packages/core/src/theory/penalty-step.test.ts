import { expect, it } from 'vitest';
import { OPTIMIZERS } from '../sweep/trial-config.ts';
import { isPureDecayKnown, pureDecayAfter, pureDecayFactor } from './penalty-step.ts';

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
