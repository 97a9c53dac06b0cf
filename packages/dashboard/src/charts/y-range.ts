import type { Value } from './decimate.ts';

export interface YRange {
  low: number;
  high: number;
  /** Curves that leave the range at its top. */
  offScale: number;
}

const SAMPLE = 4_000;
const FAR = { linear: 2.5, log: 30 } as const;

/**
 * The range of a chart's y axis. One exploding curve must not press all others to the floor: what lies far above nearly
 * all values (beyond `FAR` times the 98th percentile) is cut off, counted, and said.
 */
export function yRange(ys: readonly (readonly Value[])[], { log, share }: { log: boolean; share: boolean }): YRange {
  if (share) return { low: 0, high: 1, offScale: 0 };
  const count = ys.reduce((sum, curve) => sum + curve.length, 0);
  const stride = Math.max(1, Math.floor(count / SAMPLE));
  const sample: number[] = [];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let i = 0;
  for (const curve of ys) {
    for (const value of curve) {
      if (value === null || value === undefined || (log && value <= 0)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
      if (i++ % stride === 0) sample.push(value);
    }
  }
  if (sample.length === 0) return log ? { low: 0.1, high: 1, offScale: 0 } : { low: 0, high: 1, offScale: 0 };
  sample.sort((a, b) => a - b);
  const far = (log ? FAR.log : FAR.linear) * sample[Math.floor(0.98 * (sample.length - 1))]!;
  const cut = most > far && far > 0;
  const high = cut ? (sample.findLast((value) => value <= far) ?? far) : most;
  const offScale = cut ? ys.filter((curve) => curve.some((v) => v !== null && v !== undefined && v > far)).length : 0;
  if (log) return { low: least / 1.15, high: Math.max(high * 1.15, least * 1.5), offScale };
  return { low: Math.min(0, least), high: high === 0 ? 1 : high * 1.04, offScale };
}
