import { describe, expect, it } from 'vitest';
import { Random } from '../fixtures/random.ts';
import { decimate } from './decimate.ts';

describe('decimate', () => {
  it('keeps every step that fits', () => {
    const { xs, ys, bucket } = decimate([[3, 1, 2], [5]], 2);
    expect({ xs, ys, bucket }).toEqual({
      xs: [0, 1, 2],
      ys: [
        [3, 1, 2],
        [5, null, null],
      ],
      bucket: 1,
    });
  });

  it('never draws more than two points a pixel, and keeps extremes and the last value', () => {
    const random = new Random(1);
    for (const [length, pixels] of [
      [1001, 40],
      [10_000, 333],
      [777, 100],
      [50, 9],
    ] as const) {
      const curve = Array.from({ length }, () => random.normal());
      const { xs, ys, bucket } = decimate([curve], pixels);
      const drawn = ys[0] as number[];
      expect(xs.length).toBeLessThanOrEqual(2 * pixels);
      expect(Math.min(...drawn)).toBe(Math.min(...curve));
      expect(Math.max(...drawn)).toBe(Math.max(...curve));
      expect(drawn.at(-1)).toBe(curve.at(-1));
      expect(xs.every((x, i) => i === 0 || x >= xs[i - 1]!)).toBe(true);
      expect(xs.at(-1)).toBe(length - 1);
      expect(bucket).toBeGreaterThan(1);
    }
  });

  it('puts the extremes of a bucket in the order in which they came', () => {
    const falling = Array.from({ length: 30 }, (_, i) => 30 - i);
    const { ys } = decimate([falling], 5);
    expect(ys[0]).toEqual([...(ys[0] as number[])].sort((a, b) => b - a));
  });

  it('ends a curve where it stops being finite', () => {
    const curve = Array.from({ length: 60 }, (_, i) => (i < 40 ? 1 : null));
    const { xs, ys } = decimate([curve], 9);
    const last = ys[0]!.findLastIndex((value) => value !== null);
    expect(xs[last]).toBeLessThanOrEqual(50);
    expect(ys[0]!.at(-1)).toBeNull();
  });

  it('lays curves of different lengths on one grid', () => {
    const { xs, ys } = decimate([new Array(100).fill(1), new Array(10).fill(2)], 15);
    expect(ys.map((row) => row.length)).toEqual([xs.length, xs.length]);
    expect(ys[1]!.filter((value) => value === 2).length).toBeGreaterThan(0);
  });
});
