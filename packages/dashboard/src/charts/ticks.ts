import { formatNumber } from '@l2bn/core/sweep';

/** Sizes from which plain digits would be longer than a power of ten. */
const LARGE = 1e5;
const SMALL = 1e-4;

/**
 * Labels of evenly spaced ticks, each with the digits that tell it from its neighbours: 2.5 apart they read `0.0, 2.5, 5.0`, not
 * `0, 3, 5`. Very large and very small ones are written as powers of ten.
 *
 * @param step distance of the ticks
 */
export function tickLabels(ticks: readonly (number | null)[], step: number): string[] {
  const largest = ticks.reduce<number>((size, tick) => Math.max(size, Math.abs(tick ?? 0)), 0);
  const exponents = largest >= LARGE || (largest > 0 && largest < SMALL);
  const decimals = decimalsOf(step);
  return ticks.map((tick) => {
    if (tick === null) return '';
    // uPlot adds steps up; what that rounds must not become digits.
    const value = Number((Math.round(tick / step) * step).toPrecision(12));
    if (!exponents) return value.toFixed(decimals);
    return value === 0 ? '0' : value.toExponential().replace('e+', 'e');
  });
}

/** Labels of ticks on a logarithmic axis, each by itself; `null` for those that are not labelled. */
export const logTickLabels = (ticks: readonly (number | null)[]): string[] =>
  ticks.map((tick) => (tick === null ? '' : formatNumber(tick)));

/** The fewest decimals that write `step` out. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}
