import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { formatBytes, sizeOf } from './plan-text.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [9.96 * 1024, '10.0 KiB'],
    [512 * 2 ** 20, '512 MiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [21 * 2 ** 30, '21 GiB'],
    [5000 * 2 ** 40, '5000 TiB'],
  ])('says %d as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

it('counts cells, seeds and trials in words', () => {
  expect(sizeOf(planOf({ name: 'x' }))).toBe('1 cell × 1 seed = 1 trial');
  expect(sizeOf(planOf({ name: 'x', axes: { l2: [0, 1] }, seeds: 3 }))).toBe('2 cells × 3 seeds = 6 trials');
});
