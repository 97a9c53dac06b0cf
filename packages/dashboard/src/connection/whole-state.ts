import {
  type EpochRecord,
  type FinishedTrials,
  initialState,
  type Metrics,
  type Snapshot,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';

/** The state of a snapshot with all trials in it; those that have finished may have their last epoch alone. */
export function wholeState({ state, finished }: Pick<Snapshot, 'state' | 'finished'>): SweepState {
  if (finished === undefined) return state;
  const { trials } = initialState(state.plan);
  for (const trial of state.trials) trials[trial.index] = trial;
  const columns = Object.entries(finished.state) as [keyof TrialState, unknown[]][];
  finished.index.forEach((index, row) => {
    const trial = trials[index]!;
    for (const [key, values] of columns) Object.assign(trial, { [key]: values[row] });
    const last = lastEpoch(finished.last, row);
    if (last !== null) trial.epochs.push(last);
  });
  return { ...state, trials };
}

function lastEpoch(last: FinishedTrials['last'], row: number): EpochRecord | null {
  const [epoch, validation, layer] = [last.epoch[row] ?? null, last.validation[row] ?? null, last.layer[row] ?? null];
  if (epoch === null || validation === null || layer === null) return null;
  const train = last.train[row] ?? null;
  return {
    epoch,
    step: last.step[row] ?? 0,
    learningRate: last.learningRate[row] ?? 0,
    train: train === null ? null : metrics(train),
    validation: metrics(validation),
    weights: { layer, values: [], norm: last.norm[row] ?? null },
    elapsed: last.elapsed[row] ?? 0,
  };
}

const metrics = ([crossEntropy, penalty, accuracy]: [number | null, number | null, number | null]): Metrics => ({
  crossEntropy,
  penalty,
  accuracy,
});
