import { describe, expect, it } from 'vitest';
import { hashSeed, Random, shuffle } from './random.ts';

// Numbers from a Python script that follows the doc comments: hashlib.sha256, struct, and xoshiro128** on integers.
describe('Random', () => {
  it('is xoshiro128**: the reference sequence of the state 1, 2, 3, 4', () => {
    const random = Random.fromState([1, 2, 3, 4]);
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(reference.map(() => random.uint32())).toEqual(reference);
  });

  it('takes its state from the SHA-256 of the seed', () => {
    const zero = new Random(0);
    expect([zero.uint32(), zero.uint32(), zero.uint32(), zero.uint32()]).toEqual([
      499544183, 4113196711, 356006461, 1825548429,
    ]);
    const negative = new Random(-7);
    expect([negative.uint32(), negative.uint32()]).toEqual([3734590871, 889346290]);
  });

  it('draws again where a remainder would be biased', () => {
    const random = new Random(5);
    expect(Array.from({ length: 6 }, () => random.below(3 * 2 ** 30))).toEqual([
      1552271736, 1633057345, 2493942512, 1600917532, 397046281, 1446376008,
    ]);
  });

  it('fills the unit interval evenly', () => {
    const random = new Random(1);
    const bins = new Uint32Array(10);
    for (let draw = 0; draw < 100_000; draw++) {
      const bin = Math.floor(random.unit() * 10);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const chiSquare = bins.reduce((sum, bin) => sum + (bin - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 0.1 % point at 9 degrees of freedom
  });

  it('refuses what is no seed and no bound', () => {
    expect(() => new Random(0.5)).toThrow(/got seed 0.5/);
    expect(() => new Random(1).below(0)).toThrow(/got bound 0/);
  });
});

describe('shuffle', () => {
  it('is Fisher–Yates on the seeded generator', () => {
    expect([...shuffle(42, 10)]).toEqual([4, 2, 5, 7, 9, 0, 8, 6, 1, 3]);
    expect([...shuffle(1, 5)]).toEqual([1, 3, 4, 0, 2]);
    expect([...shuffle(0, 1)]).toEqual([0]);
    expect([...shuffle(0, 0)]).toEqual([]);
  });

  it('gives each of the orders of three equally often', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 12_000; seed++) {
      const order = shuffle(seed, 3).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - 2_000) ** 2 / 2_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 0.1 % point at 5 degrees of freedom
  });
});

describe('hashSeed', () => {
  it('is 31 bits of the SHA-256 of the parts as JSON', () => {
    expect(hashSeed(7, 'shuffle', 3)).toBe(1792881978);
    expect(hashSeed('λ', 0.1)).toBe(1091477528);
  });

  it('tells numbers from strings and one part from two', () => {
    expect(hashSeed('7', 'shuffle', 3)).toBe(199415380);
    expect([hashSeed('ab'), hashSeed('a', 'b')]).toEqual([2095396507, 37353366]);
  });

  it('gives TensorFlow a seed it can take: 1…2³¹ − 1', () => {
    for (let part = 0; part < 2_000; part++) {
      const seed = hashSeed(part);
      expect(Number.isInteger(seed) && seed >= 1 && seed < 2 ** 31).toBe(true);
    }
  });

  it('refuses numbers that JSON cannot tell apart', () => {
    expect(() => hashSeed('epoch', Number.NaN)).toThrow(/got NaN/);
  });
});
