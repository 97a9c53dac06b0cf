import { Random } from '@l2bn/core/preflight';

/**
 * Primitive polynomials (degree s, inner coefficients a) and initial direction numbers m of dimensions 2 and up: Joe and
 * Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008), table new-joe-kuo-6. The first
 * dimension is van der Corput's sequence and needs none.
 */
const DIRECTIONS: readonly { s: number; a: number; m: readonly number[] }[] = [
  { s: 1, a: 0, m: [1] },
  { s: 2, a: 1, m: [1, 3] },
  { s: 3, a: 1, m: [1, 3, 1] },
  { s: 3, a: 2, m: [1, 1, 1] },
  { s: 4, a: 1, m: [1, 1, 3, 3] },
  { s: 4, a: 4, m: [1, 3, 5, 13] },
  { s: 5, a: 2, m: [1, 1, 5, 5, 17] },
  { s: 5, a: 4, m: [1, 1, 5, 5, 5] },
  { s: 5, a: 7, m: [1, 1, 7, 11, 19] },
  { s: 5, a: 11, m: [1, 1, 5, 1, 1] },
  { s: 5, a: 13, m: [1, 1, 1, 3, 11] },
];

export const SOBOL_DIMENSIONS = DIRECTIONS.length + 1;
const BITS = 32;

/** One coordinate of the sequence as 32-bit integers, so that point i depends on i alone. */
export interface SobolDimension {
  /** XORed together by the bits of the point's Gray code; bit 31 is worth a half. */
  directions: Uint32Array;
  /** XORed onto every point. */
  shift: number;
}

/** The plain sequence. @param index Of the dimension, 0…11. */
export function sobolDimension(index: number): SobolDimension {
  const directions = new Uint32Array(BITS);
  const entry = DIRECTIONS[index - 1];
  if (entry === undefined && index !== 0) {
    throw new RangeError(`got dimension ${index}, want 0…${SOBOL_DIMENSIONS - 1}`);
  }
  const { s, a, m } = entry ?? { s: BITS, a: 0, m: Array.from({ length: BITS }, () => 1) };
  for (let k = 0; k < BITS; k++) {
    if (k < s) {
      directions[k] = m[k]! << (BITS - 1 - k);
      continue;
    }
    let value = directions[k - s]! ^ (directions[k - s]! >>> s);
    for (let j = 1; j < s; j++) if ((a >>> (s - 1 - j)) & 1) value ^= directions[k - j]!;
    directions[k] = value;
  }
  return { directions, shift: 0 };
}

/**
 * The dimension with its digits scrambled by a random lower triangular matrix and shifted (Matoušek, 1998): every seed has
 * points of its own, spread as evenly as the plain ones, and none of them lies on a corner by construction.
 *
 * @param seed Of this dimension: those of one sequence must differ.
 */
export function scramble({ directions }: SobolDimension, seed: number): SobolDimension {
  const random = new Random(seed);
  // Row r makes digit r, the highest first, from digits 0…r: a unit diagonal keeps the matrix regular.
  const rows = Uint32Array.from({ length: BITS }, (_, row) => {
    const diagonal = 1 << (BITS - 1 - row);
    const above = row === 0 ? 0 : -1 << (BITS - row);
    return (random.uint32() & above) | diagonal;
  });
  const scrambled = directions.map((direction) =>
    rows.reduce((bits, row, i) => bits | (parity(direction & row) << (BITS - 1 - i)), 0),
  );
  return { directions: scrambled, shift: random.uint32() };
}

/** Coordinate of point `index` in (0, 1): the middle of its 2⁻³² wide cell, so that it is never an end. */
export function sobolPoint({ directions, shift }: SobolDimension, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** BITS) {
    throw new RangeError(`got point ${index}, want 0…2^32 − 1`);
  }
  let bits = shift;
  for (let gray = (index ^ (index >>> 1)) >>> 0, k = 0; gray !== 0; gray >>>= 1, k++) {
    if (gray & 1) bits ^= directions[k]!;
  }
  return ((bits >>> 0) + 0.5) / 2 ** BITS;
}

function parity(bits: number): number {
  let folded = bits;
  for (let width = BITS / 2; width >= 1; width /= 2) folded ^= folded >>> width;
  return folded & 1;
}
