import { initialState, type SweepEvent, SweepReducer, type SweepState, type TrialEventOf } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { PruningSchema } from '../../plan/pruning.ts';
import { Pruner } from './pruner.ts';

const PLAN = planOf({ name: 'peers', config: { epochs: 3 }, seeds: 4 });
const [judged, ...peers] = PLAN.trials.map(({ id }) => id) as [string, string, string, string];
const MEDIAN = v.parse(PruningSchema, { rule: 'median', startupTrials: 2 });

const epochOf = (trial: string, crossEntropy: number): TrialEventOf<'epoch'> => ({
  type: 'epoch',
  trial,
  attempt: 1,
  epoch: 1,
  step: 1,
  learningRate: 0.1,
  train: null,
  validation: { crossEntropy, penalty: 0, accuracy: 0.5 },
  weights: { layer: 'conv_1', values: [], norm: 1 },
  elapsed: 0,
});

/** Three trials that are done, and one that is worse than all of them. */
function peersDone(): SweepState {
  const state = initialState(PLAN);
  const reducer = new SweepReducer(state);
  const events: SweepEvent[] = [
    ...peers.flatMap((trial): SweepEvent[] => [
      { type: 'leased', trial, attempt: 1, worker: 0 },
      epochOf(trial, 1),
      { type: 'done', trial, attempt: 1, step: 3, elapsed: 1, weightsHash: '' },
    ]),
    { type: 'leased', trial: judged, attempt: 1, worker: 0 },
  ];
  for (const [i, event] of events.entries()) reducer.apply({ seq: i + 1, at: i, event });
  return state;
}

it('compares a trial with those that were there before', () => {
  const state = peersDone();
  expect(new Pruner(MEDIAN, state).epochEnded(epochOf(judged, 2))).toMatchObject({ trial: judged, peers: 3 });
});

it('does not compare it with trials of another version of their model', () => {
  const state = peersDone();
  const pruner = (older: readonly string[]) => new Pruner(MEDIAN, state, ({ id }) => older.includes(id));
  expect(pruner(peers).epochEnded(epochOf(judged, 2))).toBeUndefined();
  expect(pruner(peers.slice(1)).epochEnded(epochOf(judged, 2))).toBeUndefined();
  expect(pruner(peers.slice(2)).epochEnded(epochOf(judged, 2))).toMatchObject({ peers: 2 });
});
