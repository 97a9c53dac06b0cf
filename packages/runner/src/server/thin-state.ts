import { type Course, isFinished, type SweepState, type TrialState } from '@l2bn/core/sweep';

/** Bytes that one step of a curve and one epoch come to in JSON, about. */
const STEP_BYTES = 60;
const EPOCH_BYTES = 450;

/** What a trial's course comes to in JSON, about: exact enough to keep answers small. */
const courseBytes = ({ epochs, curve }: TrialState): number =>
  STEP_BYTES * curve.crossEntropy.length + EPOCH_BYTES * epochs.length;

/**
 * The state without the courses of its finished trials where all of them are more than `limit` bytes; null where they are
 * not. What runs keeps its course: its events go on from there.
 */
export function thinState(state: SweepState, limit: number): SweepState | null {
  let bytes = 0;
  for (const trial of state.trials) bytes += courseBytes(trial);
  return bytes <= limit ? null : { ...state, trials: state.trials.map(thinTrial) };
}

function thinTrial(trial: TrialState): TrialState {
  if (!isFinished(trial.status)) return trial;
  const epochs = trial.epochs.slice(-1).map((epoch) => ({ ...epoch, weights: { ...epoch.weights, values: [] } }));
  return { ...trial, epochs, curve: { crossEntropy: [], penalty: [], accuracy: [] } };
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
