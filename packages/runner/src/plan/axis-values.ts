import type { Axis, AxisValue } from '@l2bn/core/sweep';
import type { AxisDefinition } from './sweep-file.ts';

/** Digits kept of a computed axis value: enough to tell points apart, few enough that 1e-4 is written 1e-4. */
const SIGNIFICANT_DIGITS = 12;
const rounded = (value: number): number => Number(value.toPrecision(SIGNIFICANT_DIGITS));

const DECADE = 10;

export function resolveAxis(key: string, definition: AxisDefinition): Axis {
  if (definition === 'boolean') return { key, scale: 'boolean', values: [true, false] };
  if (Array.isArray(definition)) return { key, scale: listScale(definition), values: definition };
  if ('linear' in definition) {
    const { linear, points } = definition;
    return { key, scale: 'linear', values: interpolate(linear[0], linear[1], points) };
  }
  const { log, points, zero } = definition;
  const values = interpolate(Math.log(log[0]), Math.log(log[1]), points, Math.exp);
  return { key, scale: 'log', values: zero ? [0, ...values] : values };
}

function interpolate(from: number, to: number, points: number, map = (value: number): number => value): number[] {
  return Array.from({ length: points }, (_, i) => rounded(map(from + ((to - from) * i) / (points - 1))));
}

/** A plain list of numbers over more than a decade is drawn on a log scale, with 0 apart. */
function listScale(values: AxisValue[]): Axis['scale'] {
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  const numbers = values.filter((value) => typeof value === 'number');
  const positive = numbers.filter((value) => value > 0);
  const isLog =
    numbers.length === values.length &&
    numbers.every((value) => value >= 0) &&
    positive.length >= 2 &&
    Math.max(...positive) / Math.min(...positive) >= DECADE;
  return isLog ? 'log' : 'list';
}
