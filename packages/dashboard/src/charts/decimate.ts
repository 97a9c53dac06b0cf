/** A value that is not there or not finite; a curve has a gap there. */
export type Value = number | null | undefined;

export interface AlignedCurves {
  xs: number[];
  /** One row per curve, as long as `xs`. */
  ys: Value[][];
  /** Steps that three points stand for; 1 when every step is drawn. */
  bucket: number;
}

/**
 * Curves over the steps 0, 1, 2, … reduced to at most 2·`pixels` points, on one common x grid.
 *
 * Each bucket keeps its smallest and its largest value, in the order in which they came, and its last one: no spike is
 * lost and the end of the line is the latest value.
 */
export function decimate(curves: readonly (readonly Value[])[], pixels: number): AlignedCurves {
  const length = curves.reduce((longest, curve) => Math.max(longest, curve.length), 0);
  const limit = Math.max(6, Math.floor(2 * pixels));
  if (length <= limit) {
    const xs = Array.from({ length }, (_, i) => i);
    return { xs, ys: curves.map((curve) => xs.map((i) => curve[i] ?? null)), bucket: 1 };
  }
  const bucket = Math.ceil(length / Math.floor(limit / 3));
  const buckets = Math.ceil(length / bucket);
  const xs: number[] = [];
  for (let b = 0; b < buckets; b++) {
    const from = b * bucket;
    const to = Math.min(length, from + bucket) - 1;
    xs.push(from, from + (to - from) / 2, to);
  }
  return { xs, ys: curves.map((curve) => reduce(curve, bucket, buckets)), bucket };
}

function reduce(curve: readonly Value[], bucket: number, buckets: number): Value[] {
  const out: Value[] = [];
  for (let b = 0; b < buckets; b++) {
    const from = b * bucket;
    const to = Math.min(curve.length, from + bucket);
    let low = -1;
    let high = -1;
    for (let i = from; i < to; i++) {
      const value = curve[i];
      if (value === null || value === undefined) continue;
      if (low < 0 || value < curve[low]!) low = i;
      if (high < 0 || value > curve[high]!) high = i;
    }
    if (low < 0) out.push(null, null, null);
    else out.push(curve[Math.min(low, high)]!, curve[Math.max(low, high)]!, curve[to - 1] ?? null);
  }
  return out;
}
