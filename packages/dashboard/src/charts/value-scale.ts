import type { Metric } from '../store/metrics.ts';

/** Maps values of a metric to 0 … 1 for colour, and names the ends. */
export interface ValueScale {
  low: number;
  high: number;
  /** `null` for a value that has no place on the scale: none at all, or 0 on a logarithmic one. */
  at(value: number | null): number | null;
}

/** Differences below these are not blown up to the whole palette: of accuracies, and of others relative to the largest. */
const LEAST_SPAN = { share: 0.1, relative: 0.05 } as const;

/**
 * Spans the values that are shown, out to round numbers, so that small differences can be seen; the legend names the
 * ends. A logarithmic scale leaves out what is not positive.
 */
export function valueScale(values: readonly (number | null)[], metric: Metric): ValueScale {
  const log = metric.scale === 'log';
  const usable = values.filter((value): value is number => value !== null && (!log || value > 0));
  const transform = log ? Math.log10 : (value: number) => value;
  if (usable.length === 0) return { low: log ? 0.1 : 0, high: 1, at: () => null };
  let [low, high] = [Math.min(...usable), Math.max(...usable)];
  if (!log) {
    const share = metric.key.endsWith('Accuracy');
    const missing = (share ? LEAST_SPAN.share : LEAST_SPAN.relative * high) - (high - low);
    if (missing > 0) [low, high] = [low - missing / 2, high + missing / 2];
    const step = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-3))) / 2;
    low = Math.floor(low / step + 1e-9) * step;
    high = Math.ceil(high / step - 1e-9) * step;
    if (share) [low, high] = [Math.max(0, low), Math.min(1, high)];
  }
  const [a, b] = [transform(low), transform(high)];
  return {
    low,
    high,
    at: (value) => {
      if (value === null || (log && value <= 0)) return null;
      return b === a ? 0.5 : Math.min(1, Math.max(0, (transform(value) - a) / (b - a)));
    },
  };
}
