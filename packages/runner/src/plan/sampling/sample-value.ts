import type { AxisValue } from '@l2bn/core/sweep';

/** How a number in (0, 1) becomes a value: the mapping of a sweep file, less its `samples`, `seed` and `when`. */
export type Distribution =
  | { values: readonly AxisValue[] }
  | { uniform: [number, number]; integer: boolean }
  | { logUniform: [number, number]; integer: boolean; zero?: number | undefined };

/** Digits kept: enough to tell points apart, few enough to be typed. */
const SIGNIFICANT_DIGITS = 6;

/** The value at quantile `unit` of a distribution. @param unit In (0, 1). */
export function sampleValue(distribution: Distribution, unit: number): AxisValue {
  if ('values' in distribution) return distribution.values[Math.floor(unit * distribution.values.length)]!;
  if ('uniform' in distribution) return numberIn(distribution.uniform, distribution.integer, unit);
  const { logUniform, integer, zero = 0 } = distribution;
  if (unit < zero) return 0;
  // What is above the share of zeros is spread over the whole range again.
  return numberIn(logUniform, integer, (unit - zero) / (1 - zero), Math.log, Math.exp);
}

type Map = (value: number) => number;
const same: Map = (value) => value;

function numberIn([from, to]: [number, number], integer: boolean, unit: number, into = same, back = same): number {
  // A whole number stands for the interval up to the next one, so that both ends are as likely as the others.
  const [low, high] = integer ? [Math.ceil(from), Math.floor(to) + 1] : [from, to];
  const value = back(into(low) + unit * (into(high) - into(low)));
  const rounded = integer ? Math.floor(value) : Number(value.toPrecision(SIGNIFICANT_DIGITS));
  return Math.min(Math.max(rounded, low), to);
}
