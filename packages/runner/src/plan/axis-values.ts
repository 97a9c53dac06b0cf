import { hashSeed } from '@l2bn/core/preflight';
import type { Axis, AxisValue } from '@l2bn/core/sweep';
import { type Distribution, sampleValue } from './sampling/sample-value.ts';
import { scramble, sobolDimension, sobolPoint } from './sampling/sobol.ts';
import type { AxisDefinition, DimensionDefinition, SamplesDefinition } from './sweep-file.ts';

/** Digits kept of a computed axis value: enough to tell points apart, few enough that 1e-4 is written 1e-4. */
const SIGNIFICANT_DIGITS = 12;
const rounded = (value: number): number => Number(value.toPrecision(SIGNIFICANT_DIGITS));

const DECADE = 10;

/** The axis that stands in a sweep file. */
export function resolveAxis(key: string, definition: AxisDefinition): Axis {
  if (definition === 'boolean') return { key, scale: 'boolean', values: [true, false] };
  if (Array.isArray(definition)) return listAxis(key, definition);
  if ('values' in definition) return listAxis(key, definition.values);
  if ('linear' in definition) {
    const { linear, points } = definition;
    return { key, scale: 'linear', values: interpolate(linear[0], linear[1], points) };
  }
  if ('log' in definition) {
    const { log, points, zero } = definition;
    const values = interpolate(Math.log(log[0]), Math.log(log[1]), points, Math.exp);
    return { key, scale: 'log', values: zero ? [0, ...values] : values };
  }
  // The mapping of a log-uniform axis says with `zero` whether 0 is there, and not how often.
  const { samples, seed } = definition;
  const distribution: Distribution =
    'uniform' in definition ? definition : { logUniform: definition.logUniform, integer: definition.integer };
  const values = sampledValues(distribution, 0, hashSeed('axis', seed, key), samples);
  const hasZero = 'logUniform' in definition && definition.zero;
  const scale = 'uniform' in definition ? 'linear' : 'log';
  return { key, scale, values: inOrder(hasZero ? [0, ...values] : values) };
}

/**
 * The points of a joint sample, by key. Point i depends on the seed, i, and the place and name of each key alone: a larger
 * count adds points and keeps those there are.
 */
export function samplePoints({ axes, count, seed }: SamplesDefinition): Record<string, AxisValue>[] {
  const columns = Object.entries(axes).map(([key, definition], place): [string, AxisValue[]] => [
    key,
    sampledValues(distributionOf(definition), place, hashSeed('samples', seed, key), count),
  ]);
  return Array.from({ length: count }, (_, i) => Object.fromEntries(columns.map(([key, values]) => [key, values[i]!])));
}

/** The axis that a sampled key is drawn on: the values that the points have. */
export function sampledAxis(key: string, definition: DimensionDefinition, values: readonly AxisValue[]): Axis {
  const distribution = distributionOf(definition);
  const distinct = [...new Set(values)];
  if ('uniform' in distribution) return { key, scale: 'linear', values: inOrder(distinct) };
  if ('logUniform' in distribution) return { key, scale: 'log', values: inOrder(distinct) };
  const { scale } = listAxis(key, distribution.values);
  return { key, scale, values: distribution.values.filter((value) => distinct.includes(value)) };
}

/** An axis with further values: in order where the axis is, else behind its own. */
export function withFurtherValues(axis: Axis, further: readonly AxisValue[]): Axis {
  const added = [...new Set(further)].filter((value) => !axis.values.includes(value));
  if (added.length === 0) return axis;
  const values = [...axis.values, ...added];
  const scale = axis.scale === 'list' ? listScale(values) : axis.scale;
  return { ...axis, scale, values: isAscending(axis.values) ? inOrder(values) : values };
}

export const listAxis = (key: string, values: readonly AxisValue[]): Axis => ({
  key,
  scale: listScale(values),
  values: [...values],
});

function distributionOf(definition: DimensionDefinition): Distribution {
  if (definition === 'boolean') return { values: [true, false] };
  return Array.isArray(definition) ? { values: definition } : definition;
}

function sampledValues(distribution: Distribution, place: number, seed: number, count: number): AxisValue[] {
  const dimension = scramble(sobolDimension(place), seed);
  return Array.from({ length: count }, (_, i) => sampleValue(distribution, sobolPoint(dimension, i)));
}

/** Numbers by size, each once; anything else as it is. */
export function inOrder(values: readonly AxisValue[]): AxisValue[] {
  const distinct = [...new Set(values)];
  const numbers = distinct.filter((value) => typeof value === 'number');
  return numbers.length === distinct.length ? numbers.sort((a, b) => a - b) : distinct;
}

const isAscending = (values: readonly AxisValue[]): boolean =>
  values.every((value, i) => typeof value === 'number' && (i === 0 || Number(values[i - 1]) < value));

function interpolate(from: number, to: number, points: number, map = (value: number): number => value): number[] {
  return Array.from({ length: points }, (_, i) => rounded(map(from + ((to - from) * i) / (points - 1))));
}

/** A plain list of numbers over more than a decade is drawn on a log scale, with 0 apart. */
function listScale(values: readonly AxisValue[]): Axis['scale'] {
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
