import { isFinished, type SweepState, type TrialState } from '@l2bn/core/sweep';
import { progressOf } from './cell-summary.ts';

/**
 * Milliseconds until the last trial ends; `null` while nothing has run long enough to tell.
 *
 * A trial is taken to last as long as the finished ones of its cell, else as its own pace says, else as the mean of all
 * that is known. The work left is shared among the workers, but the sweep never ends before its longest running trial.
 */
export function estimateRemaining(state: SweepState, now: number): number | null {
  const left = state.trials.filter((trial) => !isFinished(trial.status));
  if (left.length === 0) return 0;
  const ofCell = new Map<string, number[]>();
  const known: number[] = [];
  for (const trial of state.trials) {
    const duration = durationOf(trial, now);
    if (duration === null) continue;
    known.push(duration);
    if (trial.status !== 'done') continue;
    const list = ofCell.get(trial.cell) ?? [];
    list.push(duration);
    ofCell.set(trial.cell, list);
  }
  if (known.length === 0) return null;
  const typical = mean(known);
  let work = 0;
  let longest = 0;
  for (const trial of left) {
    const cell = ofCell.get(trial.cell);
    const duration = durationOf(trial, now) ?? (cell === undefined ? typical : mean(cell));
    const rest = duration * (1 - progressOf(trial));
    work += rest;
    if (trial.status === 'running') longest = Math.max(longest, rest);
  }
  const workers = Math.max(1, Math.min(state.workers || 1, left.length));
  return Math.max(work / workers, longest);
}

/** How long a whole run of the trial takes, from what it has shown so far; `null` when it has shown nothing. */
function durationOf(trial: TrialState, now: number): number | null {
  const elapsed = elapsedOf(trial, now);
  if (elapsed === null) return null;
  if (trial.status === 'done') return elapsed;
  if (trial.status !== 'running') return null;
  const last = trial.epochs.at(-1);
  const before = trial.epochs.at(-2);
  // The pace of the last epoch: an attempt that goes on from a checkpoint has its steps, but not its time.
  if (last !== undefined && before !== undefined && last.elapsed > before.elapsed) {
    return ((last.elapsed - before.elapsed) / (last.step - before.step)) * trial.totalSteps;
  }
  const progress = progressOf(trial);
  return progress > 0.02 ? elapsed / progress : null;
}

/** Wall clock from the first start to the end, or to `now` while the trial runs. */
export function elapsedOf(trial: TrialState, now: number): number | null {
  if (trial.startedAt === null) return null;
  // Not below 0 where the clock was set back meanwhile.
  return Math.max(0, (trial.finishedAt ?? now) - trial.startedAt);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
