import { describe, expect, it } from 'vitest';
import type { RecordedEvent, SweepEvent } from './events.ts';
import type { SweepPlan } from './plan.ts';
import { initialState, SweepReducer } from './reducer.ts';

const plan = {
  version: 1,
  name: 'two',
  hash: '',
  axes: [],
  seeds: [1, 2],
  cells: [],
  trials: [
    { id: 'a', index: 0, cell: 'c', seed: 1 },
    { id: 'b', index: 1, cell: 'c', seed: 2 },
  ],
} satisfies SweepPlan;

const started = (attempt: number, resumed: { epoch: number; step: number } | null = null): SweepEvent => ({
  type: 'started',
  trial: 'a',
  attempt,
  worker: 0,
  totalSteps: 20,
  stepsPerEpoch: 10,
  epochs: 2,
  classes: 10,
  resumed,
});
const leased = (attempt: number): SweepEvent => ({ type: 'leased', trial: 'a', attempt, worker: 0 });
const steps = (attempt: number, from: number, crossEntropy: (number | null)[]): SweepEvent => {
  const zeros = crossEntropy.map(() => 0);
  return { type: 'steps', trial: 'a', attempt, from, crossEntropy, penalty: zeros, accuracy: zeros };
};
const done = (attempt: number): SweepEvent => ({
  type: 'done',
  trial: 'a',
  attempt,
  step: 20,
  elapsed: 1,
  weightsHash: 'h',
});

function replay(...events: SweepEvent[]) {
  const reducer = new SweepReducer(initialState(plan));
  for (const [i, event] of events.entries()) reducer.apply({ seq: i + 1, at: 1000 + i, event });
  return reducer;
}

const pruned: SweepEvent = {
  type: 'pruned',
  trial: 'a',
  attempt: 1,
  epoch: 1,
  step: 10,
  rule: 'asha',
  metric: 'crossEntropy',
  value: 2.2,
  threshold: 1.1,
  peers: 8,
};

describe('SweepReducer', () => {
  it('ends a pruned trial, whatever it still says, and remembers that when it is put back', () => {
    const reducer = replay(leased(1), started(1), pruned, done(1));
    const trial = reducer.trial('a')!;
    expect(trial).toMatchObject({ status: 'pruned', worker: null, weightsHash: null });
    expect(reducer.state).toMatchObject({ counts: { pruned: 1, planned: 1 }, dropped: 1 });
    reducer.apply({ seq: 5, at: 0, event: { type: 'requeued', trial: 'a', attempt: 1 } });
    expect(trial).toMatchObject({ status: 'planned', pruning: { epoch: 1, value: 2.2, threshold: 1.1 } });
  });

  it('says that a checkpoint is missing until the next one is written', () => {
    const failed: SweepEvent = { type: 'checkpointFailed', trial: 'a', attempt: 1, epoch: 1, error: 'ENOSPC' };
    const reducer = replay(leased(1), started(1), failed);
    expect(reducer.trial('a')).toMatchObject({ status: 'running', checkpointError: 'ENOSPC' });
    reducer.apply({ seq: 4, at: 0, event: { type: 'checkpoint', trial: 'a', attempt: 1, epoch: 2, step: 20 } });
    expect(reducer.trial('a')).toMatchObject({ checkpointError: null, checkpoint: { epoch: 2, step: 20 } });
  });

  it('keeps what accuracies are measured on, where the ledger has it', () => {
    const validationSet = { images: 359, largestClass: 37 };
    const told: SweepEvent = { ...started(1), type: 'started', validationSet } as SweepEvent;
    expect(replay(leased(1), told).trial('a')).toMatchObject({ validationSet });
    expect(replay(leased(1), started(1)).trial('a')).toMatchObject({ validationSet: null, classes: 10 });
  });

  it('counts every trial in exactly one status', () => {
    const { state } = replay(leased(1), started(1), steps(1, 0, [2.3, 2.2]), done(1));
    expect(state.counts).toMatchObject({ planned: 1, done: 1, running: 0, leased: 0 });
    expect(Object.values(state.counts).reduce((sum, n) => sum + n)).toBe(plan.trials.length);
  });

  it('puts the metrics of steps at their place', () => {
    const { state } = replay(leased(1), started(1), steps(1, 0, [2.3]), steps(1, 1, [null, 2.1]));
    expect(state.trials[0]!.curve.crossEntropy).toEqual([2.3, null, 2.1]);
    expect(state.trials[0]!.step).toBe(3);
  });

  it('drops and counts what an older attempt still reports', () => {
    const interrupted: SweepEvent = { type: 'interrupted', trial: 'a', attempt: 1, reason: 'host died' };
    const { state } = replay(leased(1), started(1), interrupted, leased(2), started(2), steps(1, 0, [9]), done(1));
    expect(state.dropped).toBe(2);
    expect(state.trials[0]).toMatchObject({ status: 'running', attempt: 2, curve: { crossEntropy: [] } });
  });

  it('counts a trial once, whatever comes after its result', () => {
    const { state } = replay(leased(1), started(1), done(1), done(1), steps(1, 0, [1]));
    expect(state.counts.done).toBe(1);
    expect(state.dropped).toBe(2);
  });

  it('starts a new attempt with an empty curve', () => {
    const { state } = replay(leased(1), started(1), steps(1, 0, [1, 2, 3]), leased(2), started(2), steps(2, 0, [4]));
    expect(state.trials[0]!.curve.crossEntropy).toEqual([4]);
    expect(state.trials[0]!.startedAt).toBe(1001);
  });

  it('keeps what a checkpoint holds and drops what comes after it', () => {
    const epoch = (number: number, step: number): SweepEvent => ({
      type: 'epoch',
      trial: 'a',
      attempt: 1,
      epoch: number,
      step,
      learningRate: 0.1,
      train: null,
      validation: { crossEntropy: 1, penalty: 0, accuracy: 0 },
      weights: { layer: 'Conv1', values: [], norm: 1 },
      elapsed: 0,
    });
    const checkpoint: SweepEvent = { type: 'checkpoint', trial: 'a', attempt: 1, epoch: 1, step: 2 };
    const first = [leased(1), started(1), epoch(0, 0), steps(1, 0, [5, 4]), epoch(1, 2), checkpoint];
    const { state } = replay(...first, steps(1, 2, [3, 2]), epoch(2, 4), leased(2), started(2, { epoch: 1, step: 2 }));
    expect(state.trials[0]).toMatchObject({ step: 2, curve: { crossEntropy: [5, 4] }, checkpoint: { epoch: 1 } });
    expect(state.trials[0]!.epochs.map((record) => record.epoch)).toEqual([0, 1]);
  });

  it('takes a new attempt of a failed trial as a fresh one', () => {
    const failed: SweepEvent = { type: 'failed', trial: 'a', attempt: 1, error: 'no', stack: '' };
    const { state } = replay(leased(1), failed, leased(2));
    expect(state.trials[0]).toMatchObject({ status: 'leased', attempt: 2, failure: null, finishedAt: null });
    expect(state.counts).toMatchObject({ failed: 0, leased: 1 });
  });

  it('puts a failed or cancelled trial back, and never one that has a result', () => {
    const requeued: SweepEvent = { type: 'requeued', trial: 'a', attempt: 1 };
    const failed: SweepEvent = { type: 'failed', trial: 'a', attempt: 1, error: 'no', stack: '' };
    const cancelled: SweepEvent = { type: 'cancelled', trial: 'a', attempt: 1 };
    for (const ending of [failed, cancelled]) {
      const { state } = replay(leased(1), ending, requeued);
      expect(state.trials[0]).toMatchObject({ status: 'planned', failure: null, finishedAt: null });
      expect(state.counts).toMatchObject({ planned: 2, failed: 0, cancelled: 0 });
    }
    const { state } = replay(leased(1), started(1), done(1), requeued);
    expect(state.trials[0]?.status).toBe('done');
    expect(state.dropped).toBe(1);
  });

  it('forgets what a trial that is put back has trained, where it begins anew, also of one that waits', () => {
    const checkpoint: SweepEvent = { type: 'checkpoint', trial: 'a', attempt: 1, epoch: 1, step: 10 };
    const interrupted: SweepEvent = { type: 'interrupted', trial: 'a', attempt: 1, reason: 'stopped' };
    const events = [leased(1), started(1), steps(1, 0, [2, 1]), checkpoint, interrupted];
    const requeued: SweepEvent = { type: 'requeued', trial: 'a', attempt: 1 };
    const before = replay(...events, requeued).state;
    expect(before.trials[0]).toMatchObject({ status: 'interrupted', checkpoint: { epoch: 1 } });
    const { state } = replay(...events, { ...requeued, anew: true });
    expect(state.trials[0]).toMatchObject({ status: 'planned', step: 0, checkpoint: null, epochs: [] });
    expect(state.trials[0]?.curve.crossEntropy).toEqual([]);
    expect(state.counts).toMatchObject({ planned: 2, interrupted: 0 });
    expect(replay(leased(1), started(1), { ...requeued, anew: true }).state.trials[0]?.status).toBe('running');
  });

  it('cancels a trial that has not started', () => {
    const { state } = replay({ type: 'cancelled', trial: 'a', attempt: 0 });
    expect(state.counts).toMatchObject({ planned: 1, cancelled: 1 });
  });

  it('ignores events that it has seen, so that a replay may overlap', () => {
    const reducer = replay(leased(1), started(1));
    const before = structuredClone(reducer.state);
    expect(reducer.apply({ seq: 2, at: 5, event: started(1) })).toBeUndefined();
    expect(reducer.state).toEqual(before);
  });

  it('goes on from a state that was sent as JSON as if it had seen everything itself', () => {
    const events: RecordedEvent[] = [leased(1), started(1), steps(1, 0, [2.3]), done(1)].map((event, i) => ({
      seq: i + 1,
      at: i,
      event,
    }));
    const whole = new SweepReducer(initialState(plan));
    for (const event of events) whole.apply(event);
    const half = new SweepReducer(initialState(plan));
    for (const event of events.slice(0, 2)) half.apply(event);
    const rest = new SweepReducer(JSON.parse(JSON.stringify(half.state)));
    for (const event of events) rest.apply(event);
    expect(rest.state).toEqual(whole.state);
  });

  it('takes the phase of the sweep', () => {
    const { state } = replay({ type: 'phase', phase: 'running', detail: 'digits', workers: 2 });
    expect(state).toMatchObject({ phase: 'running', detail: 'digits', workers: 2, seq: 1 });
  });
});
