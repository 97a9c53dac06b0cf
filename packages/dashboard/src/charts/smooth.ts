import type { Value } from './decimate.ts';

/**
 * Exponential mean with a half-life in steps, without the pull towards zero that a plain one has at its start. Works on
 * the raw curve, before any decimation, so that the result does not depend on the width of the chart. A value that is
 * not finite stays a gap.
 */
export function smooth(curve: readonly Value[], halfLife: number): Value[] {
  if (halfLife <= 0) return [...curve];
  const keep = 2 ** (-1 / halfLife);
  let sum = 0;
  let weight = 0;
  return Array.from(curve, (value) => {
    if (value === null || value === undefined) return null;
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return sum / weight;
  });
}
