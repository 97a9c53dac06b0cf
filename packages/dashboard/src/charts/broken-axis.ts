import type { Axis } from '@l2bn/core/sweep';

/** Where the values of an axis stand when it is drawn to scale: 0 … 1 over the part that is to scale. */
export interface BrokenAxis {
  /** The first value is an exact 0 on a logarithmic axis and stands apart, left of the break. */
  zero: boolean;
  /** Position of each value after the zero. */
  positions: readonly number[];
  /** Positions of powers of ten (logarithmic axes only). */
  decades: readonly number[];
}

/** `null` for an axis without a scale, or with fewer than two values on it. */
export function brokenAxis(axis: Axis | null): BrokenAxis | null {
  if (axis === null || (axis.scale !== 'log' && axis.scale !== 'linear')) return null;
  const numbers = axis.values.map(Number);
  const log = axis.scale === 'log';
  const zero = log && numbers[0] === 0;
  const scaled = zero ? numbers.slice(1) : numbers;
  const transform = log ? Math.log10 : (value: number) => value;
  const places = scaled.map(transform);
  const [low, high] = [Math.min(...places), Math.max(...places)];
  if (places.length < 2 || !Number.isFinite(low) || high === low) return null;
  const at = (place: number) => (place - low) / (high - low);
  const decades: number[] = [];
  if (log) for (let d = Math.ceil(low - 1e-9); d <= high + 1e-9; d++) decades.push(at(d));
  return { zero, positions: places.map(at), decades };
}
