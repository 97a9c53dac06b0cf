import type { TrialState } from '@l2bn/core/sweep';
import { formatCount, plural } from '../store/format.ts';
import type { CurveSet } from './curve-set.ts';

export interface NoteFacts {
  /** Trials that the chart has lines for. */
  trials: readonly TrialState[];
  /** Trials of the sweep. */
  total: number;
  offScale: number;
  /** 0 when not smoothed. */
  halfLife: number;
}

/** What is drawn and what is not, under a chart: never silent about a curve that is missing. */
export function curveNotes(set: CurveSet, { trials, total, offScale, halfLife }: NoteFacts): string {
  const { drawn, bucket, points, zeros } = set;
  if (drawn === 0) return '';
  const diverged = trials.filter(({ status }) => status === 'diverged').length;
  return [
    `${formatCount(drawn)} of ${plural(total, 'trial')} by step`,
    trials.length < total ? `an even choice of ${trials.length} and what is selected` : '',
    bucket > 1 ? `min, max and last of every ${bucket} steps (${formatCount(points)} points)` : '',
    offScale > 0 ? `⌃ ${offScale} off scale` : '',
    zeros > 0 ? `${zeros} at 0, not on a log axis` : '',
    diverged > 0 ? `✕ ${diverged} diverged` : '',
    halfLife > 0 ? `half-life ${halfLife} steps` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
