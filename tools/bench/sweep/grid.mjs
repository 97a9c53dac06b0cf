/**
 * The plan that every contestant runs: a full grid over Batch Normalization, L2 strength and learning rate.
 */

const L2_VALUES = 50;
/** Cells of the smallest grid; others are multiples. */
export const GRID_STEP = 2 * L2_VALUES;

/**
 * @typedef {object} Grid
 * @property {boolean[]} batchNorm
 * @property {number[]} l2
 * @property {number[]} learningRate
 */

/**
 * @param {number} cells a multiple of `GRID_STEP`
 * @returns {Grid}
 */
export const gridOf = (cells) => ({
  batchNorm: [true, false],
  l2: spread(1e-6, 1e-2, L2_VALUES),
  learningRate: spread(1e-3, 1, cells / GRID_STEP),
});

/** Values at equal ratios. @type {(from: number, to: number, count: number) => number[]} */
const spread = (from, to, count) =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (count === 1 ? 0 : i / (count - 1)));
