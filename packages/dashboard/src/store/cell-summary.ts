import { isFinished, type TrialState, type TrialStatus } from '@l2bn/core/sweep';
import { lastValue, type Metric } from './metrics.ts';

/** What the seeds of one cell say together. */
export interface CellSummary {
  trials: readonly TrialState[];
  /** Mean over the counted seeds; `null` when none counts. */
  value: number | null;
  /** Sample standard deviation; `null` with fewer than two seeds. */
  deviation: number | null;
  /** Seeds that count: the finished ones, or, while there are none, the running ones. */
  count: number;
  /** The value is of trials that still run. */
  provisional: boolean;
  /** The state that needs most attention, or, among finished cells, the commonest. */
  status: TrialStatus;
  /** Share of the steps of all seeds that are done, 0…1. */
  progress: number;
}

/** Diverged and failed seeds are counted as such, never averaged: a mean must not hide them or be ruined by them. */
export function summarize(trials: readonly TrialState[], metric: Metric): CellSummary {
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
    status: statusOf(trials),
    progress: trials.length === 0 ? 0 : trials.reduce((sum, trial) => sum + progressOf(trial), 0) / trials.length,
  };
}

/** Steps done of all, 0…1; finished trials count as 1 however early they ended. */
export function progressOf(trial: TrialState): number {
  if (isFinished(trial.status)) return 1;
  return trial.totalSteps === 0 ? 0 : Math.min(1, trial.step / trial.totalSteps);
}

const ATTENTION: readonly TrialStatus[] = ['running', 'leased', 'interrupted', 'failed'];

function statusOf(trials: readonly TrialState[]): TrialStatus {
  for (const status of ATTENTION) if (trials.some((trial) => trial.status === status)) return status;
  if (trials.some((trial) => trial.status === 'planned')) return 'planned';
  const diverged = trials.filter((trial) => trial.status === 'diverged').length;
  return diverged * 2 > trials.length ? 'diverged' : 'done';
}
