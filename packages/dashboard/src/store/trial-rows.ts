import {
  type Axis,
  type AxisValue,
  type Cell,
  runTimeOf,
  type SweepState,
  TRIAL_STATUSES,
  type TrialState,
} from '@l2bn/core/sweep';
import { lastValue, METRICS } from './metrics.ts';
import { progressOf } from './seeds-summary.ts';

export type SortKey =
  | 'index'
  | 'status'
  | `axis:${string}`
  | 'seed'
  | 'attempt'
  | 'progress'
  | MetricColumn
  | 'duration';
export type MetricColumn = 'validationAccuracy' | 'validationCrossEntropy' | 'trainCrossEntropy' | 'penalty' | 'norm';
export const METRIC_COLUMNS: readonly MetricColumn[] = [
  'validationAccuracy',
  'validationCrossEntropy',
  'trainCrossEntropy',
  'penalty',
  'norm',
];

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

/**
 * The trials in the wanted order. Trials without a value come last whichever way the others run: an unstarted trial is
 * neither the best nor the worst. Equal ones keep the order of the plan.
 */
export function sortTrials(state: SweepState, { key, descending }: Sorting, now: number): TrialState[] {
  const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell]));
  const value = valueBy(key, state, cells, now);
  const keyed = state.trials.map((trial) => ({ trial, value: value(trial) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return Number(a.value === null) - Number(b.value === null) || a.trial.index - b.trial.index;
    }
    return (descending ? b.value - a.value : a.value - b.value) || a.trial.index - b.trial.index;
  });
  return keyed.map(({ trial }) => trial);
}

function valueBy(
  key: SortKey,
  state: SweepState,
  cells: ReadonlyMap<string, Cell>,
  now: number,
): (trial: TrialState) => number | null {
  if (key.startsWith('axis:')) {
    const axis = state.plan.axes.find((candidate) => `axis:${candidate.key}` === key);
    return (trial) => rank(axis, cells.get(trial.cell)?.values[axis?.key ?? '']);
  }
  switch (key) {
    case 'status':
      return ({ status }) => TRIAL_STATUSES.indexOf(status);
    case 'seed':
      return ({ seed }) => seed;
    case 'attempt':
      return ({ attempt }) => attempt;
    case 'progress':
      return progressOf;
    case 'duration':
      return (trial) => runTimeOf(state, trial, now);
    case 'validationAccuracy':
    case 'validationCrossEntropy':
    case 'trainCrossEntropy':
    case 'penalty':
    case 'norm':
      return (trial) => lastValue(trial, METRICS[key]);
    default:
      return ({ index }) => index;
  }
}

/** Numbers by size, all else by its place on the axis. */
function rank(axis: Axis | undefined, value: AxisValue | undefined): number | null {
  if (axis === undefined || value === undefined) return null;
  return typeof value === 'number' ? value : axis.values.indexOf(value);
}
