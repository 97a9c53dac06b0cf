import type { TrialState, TrialStatus } from '@l2bn/core/sweep';
import { formatCount, plural } from '../wording/format.ts';
import type { CurveSet } from './curve-set.ts';

export interface NoteFacts {
  /** Trials that the chart has lines for. */
  trials: readonly TrialState[];
  /** Trials of the sweep, and those among them that the legend hides. */
  total: number;
  hidden: number;
  offScale: number;
  /** Groups of curves of which only one can be seen. */
  coinciding: readonly (readonly number[])[];
  /** Trials that are to be drawn as soon as their curves have come. */
  awaited: number;
  /** 0 when not smoothed. */
  halfLife: number;
}

/** What is drawn and what is not, under a chart: never silent about a curve that is missing. */
export function curveNotes(
  set: CurveSet,
  { trials, total, hidden, awaited, offScale, halfLife, coinciding }: NoteFacts,
): string {
  const { drawn, bucket, points, zeros } = set;
  const chosen = trials.length + awaited;
  const hiddenText = hidden > 0 ? `${hidden} hidden by the legend` : '';
  if (drawn === 0) return hiddenText;
  const ended = (wanted: TrialStatus) => trials.filter(({ status }) => status === wanted).length;
  const [diverged, pruned] = [ended('diverged'), ended('pruned')];
  return [
    `${formatCount(drawn)} of ${plural(total, 'trial')} by step`,
    hiddenText,
    chosen < total - hidden ? `an even choice of ${chosen}, selected ones before others` : '',
    awaited > 0 ? `loading ${awaited} more` : '',
    bucket > 1 ? `min, max and last of every ${bucket} steps (${formatCount(points)} points)` : '',
    offScale > 0 ? `⌃\u00a0${offScale} off scale` : '',
    zeros > 0 ? `${zeros} at 0, not on a log axis` : '',
    diverged > 0 ? `✕\u00a0${diverged}\u00a0diverged` : '',
    pruned > 0 ? `+\u00a0${pruned}\u00a0pruned` : '',
    coincidence(coinciding),
    halfLife > 0 ? `half-life ${halfLife} steps` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Here and not in the chart, where it would lie on other curves; the tooltip names them. */
function coincidence(groups: readonly (readonly number[])[]): string {
  const sizes = groups.map(({ length }) => length).sort((a, b) => b - a);
  if (sizes.length === 0) return '';
  const curves = sizes.length > 3 ? `${sizes.length} groups of curves` : `${sizes.join(' and ')} curves`;
  return `${curves} coincide${sizes.length > 1 && sizes.length <= 3 ? ', each among themselves' : ''}: point at one to see which`;
}
