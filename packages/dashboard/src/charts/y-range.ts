import type { Value } from './decimate.ts';

export interface YRange {
  low: number;
  high: number;
  /** Curves that leave the range at its top. */
  offScale: number;
}

/** Values looked at for what is usual: enough to tell the 98th percentile within half a percent, sorted in a millisecond. */
const SAMPLE = 4_000;
/**
 * How many times the usual a value must be to be cut off. What is not cut off leaves the usual two fifths of a linear axis; of a
 * logarithmic one it takes one and a half decades, about what a curve that learns spans itself.
 */
const FAR = { linear: 2.5, log: 30 } as const;

/**
 * The range of a chart's y axis. Exploding curves must not press all others to the floor, so two things are cut off, counted,
 * and said: what lies far (`FAR` times) above nearly all values, which of many curves leaves out those few that stand apart;
 * and, as long as another curve does not explode, what of a curve lies far above both its own start and its own median, which
 * of few curves leaves out the explosion.
 */
export function yRange(ys: readonly (readonly Value[])[], { log, share }: { log: boolean; share: boolean }): YRange {
  if (share) return { low: 0, high: 1, offScale: 0 };
  const factor = log ? FAR.log : FAR.linear;
  const count = ys.reduce((sum, curve) => sum + curve.length, 0);
  const stride = Math.max(1, Math.floor(count / SAMPLE));
  const curves = ys.map((values) => lookAt(values, stride, log)).filter((curve) => curve !== null);
  if (curves.length === 0) return log ? { low: 0.1, high: 1, offScale: 0 } : { low: 0, high: 1, offScale: 0 };
  const least = Math.min(...curves.map((curve) => curve.least));
  const most = Math.max(...curves.map((curve) => curve.most));
  const pooled = curves.flatMap(({ sample }) => sample).sort(ascending);
  const far = factor * pooled[Math.floor(0.98 * (pooled.length - 1))]!;
  const limit = Math.min(far > 0 ? far : Number.POSITIVE_INFINITY, ceiling(curves, factor));
  const high = most > limit ? largestUpTo(limit, ys) : most;
  const offScale = curves.filter((curve) => curve.most > limit).length;
  if (log) return { low: least / 1.15, high: Math.max(high * 1.15, least * 1.5), offScale };
  return { low: Math.min(0, least), high: high === 0 ? 1 : high * 1.04, offScale };
}

interface Curve {
  least: number;
  most: number;
  /** Its first value or its median, whichever is larger. */
  usual: number;
  /** Some of its values, ascending. */
  sample: readonly number[];
}

/** `null` for a curve without a value that has a place on the axis. */
function lookAt(values: readonly Value[], stride: number, log: boolean): Curve | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const sample: number[] = [];
  let i = 0;
  for (const value of values) {
    if (value === null || value === undefined || (log && value <= 0)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    if (i++ % stride === 0) sample.push(value);
  }
  const [first] = sample;
  if (first === undefined) return null;
  sample.sort(ascending);
  return { least, most, sample, usual: Math.max(first, sample[Math.floor((sample.length - 1) / 2)]!) };
}

/** Up to where curves may go so that those that do not explode are whole; infinite where all explode, or none. */
function ceiling(curves: readonly Curve[], factor: number): number {
  const explodes = ({ most, usual }: Curve) => usual > 0 && most > factor * usual;
  const exploding = curves.filter(explodes);
  if (exploding.length === 0 || exploding.length === curves.length) return Number.POSITIVE_INFINITY;
  return Math.max(...curves.map((curve) => (explodes(curve) ? factor * curve.usual : curve.most)));
}

const ascending = (a: number, b: number): number => a - b;

function largestUpTo(limit: number, ys: readonly (readonly Value[])[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const curve of ys) {
    for (const value of curve) {
      if (value !== null && value !== undefined && value <= limit && value > largest) largest = value;
    }
  }
  return largest;
}
