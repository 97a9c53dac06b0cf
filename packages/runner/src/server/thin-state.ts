import {
  type Course,
  type FinishedTrials,
  initialState,
  isFinished,
  type Metrics,
  type Snapshot,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';

/** Bytes that a trial, one step of its curve and one of its epochs come to in JSON, about. */
const TRIAL_BYTES = 450;
const STEP_BYTES = 60;
const EPOCH_BYTES = 450;

/** What a trial's course comes to in JSON, about: exact enough to keep answers small. */
const courseBytes = ({ epochs, curve }: TrialState): number =>
  STEP_BYTES * curve.crossEntropy.length + EPOCH_BYTES * epochs.length;

/**
 * The state as it stands in a snapshot: whole up to about `limit` bytes, else without the courses of finished trials, and
 * without what the plan says. What runs keeps its course: its events go on from there.
 */
export function snapshotState(state: SweepState, limit: number): Pick<Snapshot, 'state' | 'finished'> {
  const { trials } = state;
  let bytes = TRIAL_BYTES * trials.length;
  for (const trial of trials) bytes += courseBytes(trial);
  if (bytes <= limit) return { state };
  const begun = trials.filter(({ status, attempt }) => !isFinished(status) && (status !== 'planned' || attempt > 0));
  return { state: { ...state, trials: begun }, finished: finishedTrials(state) };
}

function finishedTrials(state: SweepState): FinishedTrials {
  const finished = state.trials.filter(({ status }) => isFinished(status));
  const lasts = finished.map(({ epochs }) => epochs.at(-1));
  return {
    index: finished.map(({ index }) => index),
    state: properties(state, finished),
    last: {
      epoch: lasts.map((last) => last?.epoch ?? null),
      step: lasts.map((last) => last?.step ?? null),
      learningRate: lasts.map((last) => last?.learningRate ?? null),
      elapsed: lasts.map((last) => last?.elapsed ?? null),
      layer: lasts.map((last) => last?.weights.layer ?? null),
      norm: lasts.map((last) => last?.weights.norm ?? null),
      train: lasts.map((last) => triple(last?.train)),
      validation: lasts.map((last) => triple(last?.validation)),
    },
  };
}

const triple = (metrics: Metrics | null | undefined) =>
  metrics ? ([metrics.crossEntropy, metrics.penalty, metrics.accuracy] as [number, number, number]) : null;

/** What the plan says, and what the page fetches when it shows it. */
const TOLD = new Set(['id', 'index', 'cell', 'seed', 'epochs', 'curve'] as const satisfies (keyof TrialState)[]);

function properties({ plan }: SweepState, finished: readonly TrialState[]): FinishedTrials['state'] {
  const [blank] = initialState({ ...plan, trials: plan.trials.slice(0, 1) }).trials;
  const keys = (Object.keys(blank ?? {}) as (keyof TrialState)[]).filter((key) => !(TOLD as Set<string>).has(key));
  const differing = keys.filter((key) => finished.some((trial) => trial[key] !== blank![key]));
  return Object.fromEntries(differing.map((key) => [key, finished.map((trial) => trial[key])]));
}

/** The courses of the trials asked for, up to the one with which they are more than `limit` bytes. */
export function coursesOf({ trials }: SweepState, indices: readonly number[], limit: number): Course[] {
  const courses: Course[] = [];
  let bytes = 0;
  for (const index of indices) {
    const trial = trials[index];
    if (trial === undefined) continue;
    courses.push({ index, attempt: trial.attempt, epochs: trial.epochs, curve: trial.curve });
    bytes += courseBytes(trial);
    if (bytes > limit) break;
  }
  return courses;
}
