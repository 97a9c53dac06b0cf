import { describe, expect, it } from 'vitest';
import { type Distribution, sampleValue } from './sample-value.ts';

const N = 1000;
const valuesOf = (distribution: Distribution) =>
  Array.from({ length: N }, (_, i) => sampleValue(distribution, (i + 0.5) / N));
const shareOf = (values: unknown[], test: (value: number) => boolean): number =>
  values.filter((value) => test(value as number)).length / values.length;

describe('sampleValue', () => {
  it('takes each value of a list equally often', () => {
    const values = valuesOf({ values: ['sgd', 'adam', 0.5, true] });
    for (const value of ['sgd', 'adam', 0.5, true]) expect(values.filter((other) => other === value)).toHaveLength(250);
  });

  it('spreads uniformly by value, and log-uniformly by ratio', () => {
    const uniform = valuesOf({ uniform: [-1, 3], integer: false });
    expect(shareOf(uniform, (x) => x < 0)).toBe(0.25);
    const log = valuesOf({ logUniform: [1e-6, 1e-2], integer: false });
    expect(shareOf(log, (x) => x < 1e-5)).toBe(0.25);
    expect(shareOf(log, (x) => x < 1e-3)).toBe(0.75);
  });

  it('stays inside its range, six digits a number', () => {
    for (const value of valuesOf({ uniform: [0.123456789, 0.12345679], integer: false })) {
      expect(value).toBeGreaterThanOrEqual(0.123456789);
      expect(value).toBeLessThanOrEqual(0.12345679);
    }
    expect(sampleValue({ logUniform: [1e-5, 1], integer: false }, 0.3)).toBe(0.000316228);
  });

  it('has whole numbers from the first to the last, both as likely as the others', () => {
    const values = valuesOf({ uniform: [0.5, 5.5], integer: true });
    for (const value of [1, 2, 3, 4, 5]) expect(values.filter((other) => other === value)).toHaveLength(200);
    const octaves = valuesOf({ logUniform: [1, 7], integer: true });
    expect([Math.min(...(octaves as number[])), Math.max(...(octaves as number[]))]).toEqual([1, 7]);
    expect(shareOf(octaves, (x) => x === 1)).toBeCloseTo(1 / 3, 2);
  });

  it('gives zeros their share, and what is left the whole range', () => {
    const values = valuesOf({ logUniform: [1e-4, 1], integer: false, zero: 0.2 });
    expect(shareOf(values, (x) => x === 0)).toBe(0.2);
    expect(shareOf(values, (x) => x > 0 && x < 1e-2)).toBe(0.4);
  });
});
