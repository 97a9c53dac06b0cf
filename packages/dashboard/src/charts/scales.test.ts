import type { Axis } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../store/metrics.ts';
import { brokenAxis } from './broken-axis.ts';
import { contrast, settingColour, valueColour } from './palette.ts';
import { valueScale } from './value-scale.ts';
import { yRange } from './y-range.ts';

const axis = (values: number[], scale: Axis['scale'] = 'log'): Axis => ({ key: 'l2', scale, values });

describe('brokenAxis', () => {
  it('sets an exact 0 apart and the rest by its logarithm', () => {
    const broken = brokenAxis(axis([0, 1e-5, 1e-4, 1e-2]))!;
    expect(broken.zero).toBe(true);
    expect(broken.positions[0]).toBe(0);
    expect(broken.positions[1]).toBeCloseTo(1 / 3, 12);
    expect(broken.positions[2]).toBe(1);
    expect(broken.decades).toHaveLength(4);
  });

  it('draws a linear axis with its zero in place', () => {
    expect(brokenAxis(axis([0, 1, 4], 'linear'))).toEqual({ zero: false, positions: [0, 0.25, 1], decades: [] });
  });

  it('is nothing where there is nothing to scale', () => {
    expect(brokenAxis(axis([0, 1e-3]))).toBeNull();
    expect(brokenAxis({ key: 'optimizer', scale: 'list', values: ['sgd', 'adam'] })).toBeNull();
    expect(brokenAxis(null)).toBeNull();
  });
});

describe('valueScale', () => {
  it('spans what is shown, to round numbers, within what an accuracy can be', () => {
    const { low, high, at } = valueScale([0.712, 0.957, 0.941, null], METRICS.validationAccuracy);
    expect([low, high].map((end) => Number(end.toFixed(6)))).toEqual([0.7, 1]);
    expect(at(0.85)).toBeCloseTo(0.5, 9);
    expect(at(null)).toBeNull();
    expect(valueScale([0.67, 0.999], METRICS.validationAccuracy).high).toBeLessThanOrEqual(1);
  });

  it('does not blow up a small difference', () => {
    const { low, high } = valueScale([0.825, 0.826], METRICS.validationAccuracy);
    expect(high - low).toBeGreaterThanOrEqual(0.1);
  });

  it('is logarithmic where sizes differ by decades, and has no place for 0 there', () => {
    const { at } = valueScale([0, 1, 100], METRICS.penalty);
    expect(at(10)).toBeCloseTo(0.5, 12);
    expect(at(0)).toBeNull();
  });

  it('puts a single value in the middle', () => {
    expect(valueScale([2], METRICS.norm).at(2)).toBe(0.5);
  });
});

describe('yRange', () => {
  const calm = Array.from({ length: 50 }, (_, i) => 2 - i / 50);

  it('shows all of curves that stay together', () => {
    expect(yRange([calm], { log: false, share: false })).toMatchObject({ low: 0, offScale: 0 });
    expect(yRange([calm], { log: false, share: false }).high).toBeGreaterThan(2);
  });

  it('cuts off an exploding curve, and counts it', () => {
    const curves = [...new Array(9).fill(calm), [...calm, 1e5]];
    const { high, offScale } = yRange(curves, { log: false, share: false });
    expect(high).toBeLessThan(10);
    expect(offScale).toBe(1);
  });

  it.each([
    ['linear', false, 10],
    ['logarithmic', true, 100],
  ])('cuts off the explosion of one of two curves on a %s axis', (_, log, most) => {
    const explosion = Array.from({ length: 20 }, (_, i) => 2 * 1.9 ** i);
    const { high, offScale } = yRange([calm, [...calm.slice(0, 20), ...explosion]], { log, share: false });
    expect(high).toBeGreaterThan(2);
    expect(high).toBeLessThan(most);
    expect(offScale).toBe(1);
  });

  it('shows how curves begin, also when they are near 0 for nearly all of their length', () => {
    const learned = Array.from({ length: 4_000 }, (_, i) => 2.4 * Math.exp(-i / 20));
    expect(yRange([learned, learned], { log: false, share: false })).toMatchObject({ high: 2.4 * 1.04, offScale: 0 });
  });

  it('cuts off the one of fifty curves that is far above all others', () => {
    const apart = calm.map((value) => 100 * value);
    expect(yRange([...new Array(49).fill(calm), apart], { log: false, share: false })).toMatchObject({
      high: 2 * 1.04,
      offScale: 1,
    });
  });

  it('counts no curve off scale that it shows, however many points are drawn', () => {
    const long = Array.from({ length: 30_000 }, (_, i) => (i === 20_001 ? 4.9 : 2 - i / 30_000));
    const { high, offScale } = yRange([long, [...calm, 1e5]], { log: false, share: false });
    expect([high > 4.9, offScale]).toEqual([true, 1]);
  });

  it('shows all of curves of different sizes, of growing ones, and of one that explodes alone', () => {
    const sizes = [1, 10, 100].map((size) => calm.map((value) => size * value));
    expect(yRange(sizes, { log: false, share: false })).toMatchObject({ high: 208, offScale: 0 });
    const growing = Array.from({ length: 50 }, (_, i) => 5 + i);
    expect(yRange([calm, growing], { log: false, share: false })).toMatchObject({ offScale: 0 });
    expect(yRange([[2, 20, 200]], { log: true, share: false })).toMatchObject({ offScale: 0 });
  });

  it('is 0 to 1 for shares, and positive on a logarithmic axis', () => {
    expect(yRange([[0.4]], { log: false, share: true })).toEqual({ low: 0, high: 1, offScale: 0 });
    expect(yRange([[0, -1, 0.5]], { log: true, share: false }).low).toBeGreaterThan(0);
    expect(yRange([[]], { log: true, share: false })).toEqual({ low: 0.1, high: 1, offScale: 0 });
  });
});

const rgb = (css: string) => css.match(/\d+/g)!.map(Number) as [number, number, number];

describe('palettes', () => {
  it('put readable ink on every value colour', () => {
    for (let t = 0; t <= 1; t += 0.01) {
      const { fill, ink } = valueColour(t);
      expect(contrast(rgb(fill), rgb(ink))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('keep lines apart from the panel behind them', () => {
    for (let i = 0; i < 9; i++) {
      expect(contrast(rgb(settingColour(i, 9, true)), [0x14, 0x18, 0x1e])).toBeGreaterThanOrEqual(3);
      expect(contrast(rgb(settingColour(i, 9, false)), [255, 255, 255])).toBeGreaterThanOrEqual(3);
    }
  });
});
