import { describe, expect, it } from 'vitest';
import { SOBOL_DIMENSIONS, scramble, sobolDimension, sobolPoint } from './sobol.ts';

const SIZE = 2 ** 32;
const digits = (dimension: ReturnType<typeof sobolDimension>, index: number): number =>
  Math.floor(sobolPoint(dimension, index) * SIZE);
const DIMENSIONS = Array.from({ length: SOBOL_DIMENSIONS }, (_, index) => sobolDimension(index));

describe('sobolPoint', () => {
  it('begins as the published sequence does', () => {
    const points = Array.from({ length: 8 }, (_, i) => DIMENSIONS.slice(0, 4).map((d) => digits(d, i) / SIZE));
    expect(points).toEqual([
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
      [0.875, 0.875, 0.125, 0.375],
      [0.625, 0.125, 0.875, 0.625],
      [0.125, 0.625, 0.375, 0.125],
    ]);
  });

  // scipy 1.17: (qmc.Sobol(12, scramble=False, bits=32).random(1024)[[777, 1023]] * 2**32).astype(int)
  it.each([
    [
      777,
      [
        2973761536, 4022337536, 700448768, 1178599424, 2730491904, 1530920960, 817889280, 3275751424, 1497366528,
        1388314624, 3200253952, 2990538752,
      ],
    ],
    [
      1023,
      [
        4194304, 3233808384, 2629828608, 624951296, 801112064, 1883242496, 599785472, 2654994432, 1480589312,
        3653238784, 2915041280, 155189248,
      ],
    ],
  ])("has SciPy's point %i in all dimensions", (index, expected) => {
    expect(DIMENSIONS.map((dimension) => digits(dimension, index))).toEqual(expected);
  });

  it('lies inside the open interval, and knows no other points and dimensions than it has', () => {
    expect(sobolPoint(DIMENSIONS[0]!, 0)).toBeGreaterThan(0);
    expect(() => sobolPoint(DIMENSIONS[0]!, -1)).toThrow('got point -1');
    expect(() => sobolPoint(DIMENSIONS[0]!, 0.5)).toThrow('got point 0.5');
    expect(() => sobolDimension(12)).toThrow('got dimension 12, want 0…11');
  });
});

describe.each([['plain'], [0], [1], [12345]])('the sequence with seed %s', (seed) => {
  const sequence = DIMENSIONS.map((d, i) => (typeof seed === 'number' ? scramble(d, seed * 100 + i) : d));

  it('has in every dimension one of the first 2^k points in each of 2^k equal intervals', () => {
    for (const count of [2, 16, 256]) {
      for (const dimension of sequence) {
        const cells = Array.from({ length: count }, (_, i) => Math.floor(sobolPoint(dimension, i) * count));
        expect(new Set(cells).size).toBe(count);
      }
    }
  });

  it('has in the first two dimensions one of 2^k points in every box of that volume', () => {
    const count = 64;
    for (let wide = 1; wide <= count; wide *= 2) {
      const boxes = Array.from({ length: count }, (_, i) => {
        const [x, y] = [sobolPoint(sequence[0]!, i), sobolPoint(sequence[1]!, i)];
        return `${Math.floor(x * wide)} ${Math.floor(y * (count / wide))}`;
      });
      expect(new Set(boxes).size).toBe(count);
    }
  });
});

describe('scramble', () => {
  it('gives every seed its own points, and the same seed the same', () => {
    const points = (seed: number) => Array.from({ length: 4 }, (_, i) => sobolPoint(scramble(DIMENSIONS[2]!, seed), i));
    expect(points(1)).toEqual(points(1));
    expect(new Set([...points(1), ...points(2), ...points(3)]).size).toBe(12);
  });

  it('puts a point anywhere, evenly over the seeds', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => sobolPoint(scramble(DIMENSIONS[1]!, seed), 0));
    const perTenth = Array.from({ length: 10 }, (_, i) => firsts.filter((x) => Math.floor(x * 10) === i).length);
    expect(Math.min(...perTenth)).toBeGreaterThan(70);
    expect(Math.max(...perTenth)).toBeLessThan(130);
  });
});
