import type { SweepState, TrialState } from '@l2bn/core/sweep';
import { bestAccuracy } from '../rows.ts';

export type OptunaState = 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL' | 'WAITING';

/**
 * A diverged trial fails, as one whose objective returns NaN does in Optuna; its user attributes tell it from one that threw.
 * What was interrupted waits to be tried again.
 */
const STATES: Record<string, OptunaState> = {
  planned: 'WAITING',
  interrupted: 'WAITING',
  leased: 'RUNNING',
  running: 'RUNNING',
  done: 'COMPLETE',
  pruned: 'PRUNED',
  diverged: 'FAIL',
  failed: 'FAIL',
  cancelled: 'FAIL',
};

export interface TrialRecord {
  state: OptunaState;
  /** What is maximized: validation accuracy after the last epoch. Null unless complete or pruned. */
  value: number | null;
  /** Validation accuracy by epoch. */
  intermediate: { step: number; value: number | null }[];
  /** ms since 1970. */
  start: number | null;
  complete: number | null;
  /** Key → any JSON value. */
  userAttributes: Record<string, unknown>;
}

/** A trial in Optuna's terms. */
export function trialRecord(trial: TrialState, sweep: SweepState): TrialRecord {
  const last = trial.epochs.at(-1);
  const accuracy = last?.validation.accuracy ?? null;
  const mapped = STATES[trial.status] ?? 'FAIL';
  // Optuna refuses a complete trial without a value.
  const state = mapped === 'COMPLETE' && accuracy === null ? 'FAIL' : mapped;
  const isOver = state === 'COMPLETE' || state === 'FAIL' || state === 'PRUNED';
  const complete = isOver ? (trial.finishedAt ?? sweep.at) : null;
  return {
    state,
    value: state === 'COMPLETE' || state === 'PRUNED' ? accuracy : null,
    intermediate: trial.epochs.map(({ epoch, validation }) => ({ step: epoch, value: validation.accuracy })),
    start: trial.startedAt ?? (state === 'RUNNING' ? sweep.at : complete),
    complete,
    userAttributes: {
      trial: trial.id,
      cell: trial.cell,
      seed: trial.seed,
      state: trial.status,
      attempts: trial.attempt,
      ...(last === undefined
        ? {}
        : {
            validation_cross_entropy: last.validation.crossEntropy,
            penalty: last.validation.penalty,
            best_validation_accuracy: bestAccuracy(trial),
            weight_norm: last.weights.norm,
          }),
      ...(trial.divergence === null
        ? {}
        : {
            diverged: true,
            diverged_at_step: trial.divergence.step,
            last_finite_cross_entropy: trial.divergence.lastCrossEntropy,
          }),
      ...(trial.status === 'pruned' ? { pruned_after_epoch: trial.pruning?.epoch ?? null } : {}),
      ...(trial.failure === null ? {} : { error: trial.failure.error }),
    },
  };
}
