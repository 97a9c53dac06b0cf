import { describe, expect, it } from 'vitest';
import { smooth } from './smooth.ts';

describe('smooth', () => {
  it('leaves a constant as it is, from its first value on', () => {
    for (const value of smooth(new Array(20).fill(3), 5)) expect(value).toBeCloseTo(3, 12);
  });

  it('has come half way after one half-life, when its past is long', () => {
    const curve = [...new Array(2000).fill(0), ...new Array(10).fill(1)];
    expect(smooth(curve, 10).at(-1)).toBeCloseTo(0.5, 6);
  });

  it('leaves gaps where values are not finite, and goes on after them', () => {
    expect(smooth([1, null, 1], 3)).toEqual([1, null, 1]);
  });

  it('changes nothing when off', () => {
    expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });
});
