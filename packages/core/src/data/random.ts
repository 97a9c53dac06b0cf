import { createHash } from 'node:crypto';

/**
 * Seeded random numbers that are the same on every machine and every version of l2bn, and that a Python script can repeat.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2018). Its 128 bits of state are the first 16 bytes of the SHA-256
 * of the seed written in decimal, read as four big-endian words. Only integer operations decide what comes out.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param seed Any integer that a double holds exactly. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`got seed ${seed}, want an integer`);
    const digest = createHash('sha256').update(String(seed)).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (byte) => digest.readUInt32BE(byte));
  }

  /** A generator that goes on from four words of state, not all zero. */
  static fromState(words: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    random.#state.set(words);
    return random;
  }

  /** Uniform integer 0…2³² − 1. */
  uint32(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform integer 0…`bound` − 1, without the bias of a bare remainder. `bound` is 1…2³². */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32)
      throw new RangeError(`got bound ${bound}, want 1…2^32`);
    const usable = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= usable) value = this.uint32();
    return value % bound;
  }

  /** Uniform number in [0, 1), a multiple of 2⁻³². */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }
}

/**
 * The numbers 0…n − 1 in a random order (Fisher–Yates, from the end).
 *
 * @param seed The same seed and n give the same order, always.
 */
export function shuffle(seed: number, n: number): Uint32Array {
  const random = new Random(seed);
  const order = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = order[last] as number;
    order[last] = order[other] as number;
    order[other] = moved;
  }
  return order;
}

/**
 * One seed out of several: a sweep's seed and what the number is for, such as `hashSeed(7, 'shuffle', epoch)`.
 *
 * The first 31 bits of the SHA-256 of the parts as a JSON array. Never 0, which TensorFlow ops read as "no seed". `1` and
 * `'1'` are different parts, and so are `('ab')` and `('a', 'b')`.
 */
export function hashSeed(...parts: (string | number)[]): number {
  const unusable = parts.find((part) => typeof part === 'number' && !Number.isFinite(part));
  if (unusable !== undefined) throw new RangeError(`got ${unusable} as a part of a seed, want a finite number`);
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUInt32BE(0) >>> 1 || 1;
}
