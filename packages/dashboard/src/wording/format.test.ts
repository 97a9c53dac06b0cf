import { expect, it } from 'vitest';
import { axisValue, formatCount, formatFactor, formatValue, formatWeight, plural } from './format.ts';

it.each([
  [0, '0'],
  [0.0893, '0.0893'],
  [14.234, '14.2'],
  [2.301, '2.30'],
  [5037, '5037'],
  [1.23e-5, '1.23e-5'],
  [-0.5, '−0.500'],
  [123456, '1.23e5'],
  [null, '–'],
  [Number.NaN, '–'],
])('writes the measured value %j as %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});

it.each([
  [1, '1'],
  [0.9998, '0.9998'],
  [1 - 2e-6, '0.999998'],
  [0.8, '0.8'],
  [-1, '−1'],
])('writes the decay factor %j with the digits that tell it from 1', (factor, text) => {
  expect(formatFactor(factor)).toBe(text);
});

it('writes weights with eight decimals', () => {
  expect(formatWeight(Math.fround(0.13498078))).toBe('0.13498078');
  expect(formatWeight(null)).toBe('not finite');
});

it('names axis values', () => {
  expect([axisValue('batchNorm', false), axisValue('l2', 1e-4), axisValue('augment', true)]).toEqual([
    'no BN',
    '1e-4',
    'on',
  ]);
});

it('counts in groups of three', () => {
  expect(formatCount(12345)).toBe('12\u202f345');
  expect([plural(1, 'trial'), plural(0, 'trial')]).toEqual(['1 trial', '0 trials']);
});
