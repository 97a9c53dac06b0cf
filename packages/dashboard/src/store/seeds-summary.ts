import { FINISHED_STATUSES, isFinished, type TrialState, type TrialStatus } from '@l2bn/core/sweep';
import { lastValue, type Metric } from './metrics.ts';

export type StatusCount = readonly [status: TrialStatus, count: number];

/** What the seeds of one cell say together. */
export interface SeedsSummary {
  trials: readonly TrialState[];
  /** Mean over the counted seeds; `null` when none counts. */
  value: number | null;
  /** Sample standard deviation; `null` with fewer than two seeds. */
  deviation: number | null;
  /** Seeds that count: the finished ones, or, while there are none, the running ones. */
  count: number;
  /** The value is of trials that still run. */
  provisional: boolean;
  /** Seeds that ended without a result that counts, by what ended them: the mean says nothing of these. */
  excluded: readonly StatusCount[];
  /** The state that needs most attention, or, among finished cells, the commonest. */
  status: TrialStatus;
  /** Share of the steps of all seeds that are done, 0…1. */
  progress: number;
}

/**
 * Diverged, pruned, failed and cancelled seeds are counted as such, never averaged: a mean must not hide them or be ruined by
 * them, and what a pruned one would have come to is not known.
 */
export function summarize(trials: readonly TrialState[], metric: Metric): SeedsSummary {
  let counted = trials.filter((trial) => trial.status === 'done');
  const provisional = counted.length === 0;
  if (provisional) counted = trials.filter((trial) => !isFinished(trial.status));
  const values = counted.map((trial) => lastValue(trial, metric)).filter((value) => value !== null);
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation =
    mean === null || values.length < 2
      ? null
      : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return {
    trials,
    value: mean,
    deviation,
    count: values.length,
    provisional: provisional && values.length > 0,
    excluded: countStatuses(trials, WITHOUT_RESULT),
    status: statusOf(trials),
    progress: trials.length === 0 ? 0 : trials.reduce((sum, trial) => sum + progressOf(trial), 0) / trials.length,
  };
}

/** Steps done of all, 0…1; finished trials count as 1 however early they ended. */
export function progressOf(trial: TrialState): number {
  if (isFinished(trial.status)) return 1;
  return trial.totalSteps === 0 ? 0 : Math.min(1, trial.step / trial.totalSteps);
}

/** Statuses of a trial that has ended without a result that counts in a mean. */
const WITHOUT_RESULT: readonly TrialStatus[] = FINISHED_STATUSES.filter((status) => status !== 'done');

const countStatuses = (trials: readonly TrialState[], statuses: readonly TrialStatus[]): StatusCount[] =>
  statuses.flatMap((wanted) => {
    const count = trials.filter(({ status }) => status === wanted).length;
    return count === 0 ? [] : [[wanted, count] as const];
  });

const ATTENTION: readonly TrialStatus[] = ['running', 'leased', 'interrupted', 'failed', 'planned'];

function statusOf(trials: readonly TrialState[]): TrialStatus {
  for (const status of ATTENTION) if (trials.some((trial) => trial.status === status)) return status;
  const [commonest] = countStatuses(trials, FINISHED_STATUSES).reduce<StatusCount>(
    (most, next) => (next[1] > most[1] ? next : most),
    ['done', 0],
  );
  return commonest;
}
