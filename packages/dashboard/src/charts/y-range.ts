import type { Value } from './decimate.ts';

export interface YRange {
  low: number;
  high: number;
  /** Curves that leave the range at its top. */
  offScale: number;
}

/** Values looked at for the medians of all curves: enough for a few percent, sorted in a millisecond. */
const SAMPLE = 4_000;
/**
 * How many times the usual a value must be to be cut off. What is not cut off leaves the usual two fifths of a linear axis; of a
 * logarithmic one it takes one and a half decades, about what a curve that learns spans itself.
 */
const FAR = { linear: 2.5, log: 30 } as const;
/** Share of the curves that stand for all: one of fifty may stand apart. */
const NEARLY_ALL = 0.98;

/**
 * The range of a chart's y axis. Some curves must not press all others to the floor, so two things are cut off, counted, and
 * said: explosions, where a curve comes to lie far (`FAR` times) above both its own start and its own median, as long as not
 * all curves do; and, of many curves, those few that are far above nearly all others from the start. How a curve that does
 * not explode falls from its start is always seen.
 */
export function yRange(ys: readonly (readonly Value[])[], { log, share }: { log: boolean; share: boolean }): YRange {
  if (share) return { low: 0, high: 1, offScale: 0 };
  const count = ys.reduce((sum, curve) => sum + curve.length, 0);
  const stride = Math.max(1, Math.floor(count / SAMPLE));
  const curves = ys.map((values) => lookAt(values, stride, log)).filter((curve) => curve !== null);
  if (curves.length === 0) return log ? { low: 0.1, high: 1, offScale: 0 } : { low: 0, high: 1, offScale: 0 };
  const least = Math.min(...curves.map((curve) => curve.least));
  const most = Math.max(...curves.map((curve) => curve.most));
  const limit = limitOf(curves, log ? FAR.log : FAR.linear);
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
  return { least, most, usual: Math.max(first, sample[Math.floor((sample.length - 1) / 2)]!) };
}

/** What is larger is cut off. */
function limitOf(curves: readonly Curve[], factor: number): number {
  const explodes = ({ most, usual }: Curve) => usual > 0 && most > factor * usual;
  if (curves.every(explodes)) return Number.POSITIVE_INFINITY;
  const usuals = curves.map(({ usual }) => usual).sort(ascending);
  const far = factor * usuals[Math.ceil(NEARLY_ALL * usuals.length) - 1]!;
  const near = curves.filter(({ usual }) => far <= 0 || usual <= far);
  return Math.max(...near.map((curve) => (explodes(curve) ? curve.usual : curve.most)));
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
