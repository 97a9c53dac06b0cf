import type { TrialState } from '@l2bn/core/sweep';
import { lastValue, type Metric } from './metrics.ts';

/** What one factor changes while all else, the seed included, is equal. */
export interface Contrast {
  /** Mean over the pairs: difference, or quotient for a metric that is compared by size. */
  value: number | null;
  /** Pairs of finished trials with the same seed that count. */
  pairs: number;
  /** Pairs of seeds that do not: a trial of theirs runs, or ended without a result. */
  missing: number;
  kind: 'difference' | 'ratio';
}

/** `a` against `b`, paired by seed, so that what the seed alone does drops out. Only finished trials count. */
export function pairedContrast(a: readonly TrialState[], b: readonly TrialState[], metric: Metric): Contrast {
  const kind = metric.scale === 'log' ? 'ratio' : 'difference';
  const bySeed = new Map(b.map((trial) => [trial.seed, trial]));
  const effects: number[] = [];
  for (const trial of a) {
    const other = bySeed.get(trial.seed);
    if (other === undefined || !counts(trial) || !counts(other)) continue;
    const [x, y] = [lastValue(trial, metric), lastValue(other, metric)];
    if (x === null || y === null) continue;
    if (kind === 'difference') effects.push(x - y);
    else if (x > 0 && y > 0) effects.push(Math.log(x / y));
  }
  const missing = a.filter(({ seed }) => bySeed.has(seed)).length - effects.length;
  if (effects.length === 0) return { value: null, pairs: 0, missing, kind };
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length;
  return { value: kind === 'ratio' ? Math.exp(mean) : mean, pairs: effects.length, missing, kind };
}

const counts = (trial: TrialState): boolean => trial.status === 'done';
