import type { RecordedEvent, TrialEvent } from './events.ts';
import { trialOf } from './lookup.ts';
import type { SweepPlan } from './plan.ts';
import { clockTrial, passRunTime } from './run-time.ts';
import { canRequeue, isFinished, type SweepState, TRIAL_STATUSES, type TrialState, type TrialStatus } from './state.ts';

/** The state of a sweep before its first event. */
export function initialState(plan: SweepPlan): SweepState {
  const counts = Object.fromEntries(TRIAL_STATUSES.map((status) => [status, 0])) as Record<TrialStatus, number>;
  counts.planned = plan.trials.length;
  return {
    plan,
    phase: 'preparing',
    detail: '',
    workers: 0,
    trials: plan.trials.map(({ id, index, cell, seed }) => ({
      id,
      index,
      cell,
      seed,
      status: 'planned',
      attempt: 0,
      worker: null,
      step: 0,
      totalSteps: 0,
      stepsPerEpoch: 0,
      classes: 0,
      validationSet: null,
      epochs: [],
      curve: { crossEntropy: [], penalty: [], accuracy: [] },
      startedAt: null,
      finishedAt: null,
      runTime: 0,
      runSince: null,
      weightsHash: null,
      checkpoint: null,
      checkpointError: null,
      pruning: null,
      divergence: null,
      failure: null,
    })),
    counts,
    seq: 0,
    at: 0,
    runTime: 0,
    dropped: 0,
  };
}

/**
 * Applies events to a state in place, in constant time each. In place, because a state holds the curves of every trial
 * and is updated ten times a second; who needs to see a change compares `seq`.
 *
 * Terminal, server, page and report all use this one reducer, so no count is computed twice.
 */
export class SweepReducer {
  readonly state: SweepState;

  constructor(state: SweepState) {
    this.state = state;
  }

  trial(id: string): TrialState | undefined {
    return trialOf(this.state, id);
  }

  /** Applies one event and returns the trial that it changed, if any. Events at or before `state.seq` are ignored. */
  apply({ seq, at, event }: RecordedEvent): TrialState | undefined {
    const { state } = this;
    if (seq <= state.seq) return undefined;
    state.seq = seq;
    passRunTime(state, at, event);
    state.at = at;
    if (event.type === 'phase') {
      state.phase = event.phase;
      state.detail = event.detail ?? '';
      if (event.workers !== undefined) state.workers = event.workers;
      return undefined;
    }
    const trial = trialOf(state, event.trial);
    if (trial === undefined || !isCurrent(trial, event)) {
      state.dropped++;
      return undefined;
    }
    const before = trial.status;
    applyToTrial(trial, event, at);
    clockTrial(state, trial, event);
    if (trial.status !== before) {
      state.counts[before]--;
      state.counts[trial.status]++;
    }
    return trial;
  }
}

/**
 * Attempts fence zombies: only `leased` opens an attempt, and what an older attempt still reports — from a host that was
 * thought dead — no longer counts. Nothing that an attempt says after its trial has finished does, either; what opens such a
 * trial again is a new attempt, or `requeued` where there is no result.
 */
function isCurrent(trial: TrialState, event: TrialEvent): boolean {
  if (event.type === 'requeued') {
    const waits = trial.status === 'planned' || trial.status === 'interrupted';
    return event.attempt === trial.attempt && (canRequeue(trial.status, true) || (waits && event.anew === true));
  }
  if (isFinished(trial.status)) return event.type === 'leased' && event.attempt > trial.attempt;
  return event.type === 'leased' ? event.attempt > trial.attempt : event.attempt === trial.attempt;
}

function applyToTrial(trial: TrialState, event: TrialEvent, at: number): void {
  switch (event.type) {
    case 'leased':
      trial.status = 'leased';
      trial.attempt = event.attempt;
      trial.worker = event.worker;
      trial.finishedAt = null;
      trial.failure = null;
      trial.divergence = null;
      break;
    case 'started':
      trial.status = 'running';
      trial.worker = event.worker;
      trial.totalSteps = event.totalSteps;
      trial.stepsPerEpoch = event.stepsPerEpoch;
      // Ledgers of the first version have none of the three.
      trial.classes = event.classes ?? 0;
      trial.validationSet = event.validationSet ?? null;
      rewind(trial, event.resumed ?? null);
      trial.startedAt ??= at;
      break;
    case 'steps':
      for (let i = 0; i < event.crossEntropy.length; i++) {
        trial.curve.crossEntropy[event.from + i] = event.crossEntropy[i] ?? null;
        trial.curve.penalty[event.from + i] = event.penalty[i] ?? null;
        trial.curve.accuracy[event.from + i] = event.accuracy[i] ?? null;
      }
      trial.step = Math.max(trial.step, event.from + event.crossEntropy.length);
      break;
    case 'epoch': {
      const { epoch, step, learningRate, train, validation, weights, elapsed } = event;
      trial.epochs.push({ epoch, step, learningRate, train, validation, weights, elapsed });
      trial.step = Math.max(trial.step, step);
      break;
    }
    case 'checkpoint':
      trial.checkpoint = { epoch: event.epoch, step: event.step };
      trial.checkpointError = null;
      break;
    case 'checkpointFailed':
      trial.checkpointError = event.error;
      break;
    case 'done':
      trial.status = 'done';
      trial.step = event.step;
      trial.weightsHash = event.weightsHash;
      finish(trial, at);
      break;
    case 'diverged':
      trial.status = 'diverged';
      trial.divergence = { step: event.step, lastCrossEntropy: event.lastCrossEntropy };
      finish(trial, at);
      break;
    case 'pruned': {
      const { epoch, rule, metric, value, threshold, peers } = event;
      trial.status = 'pruned';
      trial.pruning = { epoch, rule, metric, value, threshold, peers };
      finish(trial, at);
      break;
    }
    case 'failed':
      trial.status = 'failed';
      trial.failure = { error: event.error, stack: event.stack };
      finish(trial, at);
      break;
    case 'cancelled':
      trial.status = 'cancelled';
      finish(trial, at);
      break;
    case 'requeued':
      trial.status = 'planned';
      trial.failure = null;
      trial.finishedAt = null;
      if (event.anew) rewind(trial, null);
      break;
    case 'interrupted':
      trial.status = 'interrupted';
      trial.worker = null;
      break;
  }
}

/** What lies beyond the checkpoint is done again, with the same numbers; without one, everything is. */
function rewind(trial: TrialState, checkpoint: { epoch: number; step: number } | null): void {
  const { epoch, step } = checkpoint ?? { epoch: -1, step: 0 };
  trial.checkpoint = checkpoint;
  trial.step = step;
  trial.epochs = trial.epochs.filter((record) => record.epoch <= epoch);
  for (const column of Object.values(trial.curve)) column.length = Math.min(column.length, step);
}

function finish(trial: TrialState, at: number): void {
  trial.worker = null;
  trial.finishedAt = at;
}
