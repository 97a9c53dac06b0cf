import type { Axis, AxisValue } from '@l2bn/core/sweep';

/**
 * An axis as one of Optuna's distributions, in its JSON. Numbers are a range, so that plots draw them to scale; Optuna knows
 * no logarithmic range that holds 0, so an axis with λ = 0 is a linear one. Everything else is a choice.
 */
export function distributionJson({ scale, values }: Axis): string {
  if (!isNumeric(values)) return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: values } });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const attributes = { step: null, low, high, log: scale === 'log' && low > 0 };
  return JSON.stringify({ name: 'FloatDistribution', attributes });
}

/** How Optuna stores a value of the axis: the number itself, or the index of the choice. */
export const internalValue = ({ values }: Axis, value: AxisValue): number =>
  isNumeric(values) ? Number(value) : values.indexOf(value);

const isNumeric = (values: AxisValue[]): values is number[] => values.every((value) => typeof value === 'number');
