/** The middle one, or the mean of the two in the middle; NaN of none. @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [lower = Number.NaN, upper = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (lower + upper) / 2;
}

/**
 * @typedef {{ median: number, min: number, max: number }} Spread
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export const spreadOf = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
