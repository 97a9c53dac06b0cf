import { describe, expect, it } from 'vitest';
import type { SweepEvent } from './events.ts';
import type { SweepPlan } from './plan.ts';
import { initialState, SweepReducer } from './reducer.ts';

const PLAN = {
  version: 1,
  name: 'one',
  hash: '',
  axes: [],
  seeds: [1],
  cells: [],
  trials: [{ id: 'a', index: 0, cell: 'c', seed: 1 }],
} satisfies SweepPlan;

const of = (attempt: number) => ({ trial: 'a', attempt });
const leased = (attempt: number): SweepEvent => ({ type: 'leased', ...of(attempt), worker: 0 });
const started = (attempt: number): SweepEvent => {
  const sizes = { totalSteps: 20, stepsPerEpoch: 10, epochs: 2, classes: 10 };
  return { type: 'started', ...of(attempt), worker: 0, ...sizes, resumed: null };
};
const cancelled = (attempt: number): SweepEvent => ({ type: 'cancelled', ...of(attempt) });
const requeued = (attempt: number): SweepEvent => ({ type: 'requeued', ...of(attempt) });

/** All that an attempt can say of itself. */
const said = (attempt: number): SweepEvent[] => [
  started(attempt),
  { type: 'steps', ...of(attempt), from: 0, crossEntropy: [1], penalty: [0], accuracy: [0] },
  { type: 'checkpoint', ...of(attempt), epoch: 1, step: 10 },
  { type: 'checkpointFailed', ...of(attempt), epoch: 1, error: 'full' },
  { type: 'done', ...of(attempt), step: 20, elapsed: 1, weightsHash: 'h' },
  { type: 'diverged', ...of(attempt), step: 5, lastCrossEntropy: 1, elapsed: 1 },
  { type: 'failed', ...of(attempt), error: 'no', stack: '' },
  { type: 'interrupted', ...of(attempt), reason: 'killed' },
  cancelled(attempt),
];

/** What events do to a trial after others; undefined where they are dropped and counted, and nothing has changed. */
function effectOf(event: SweepEvent, before: SweepEvent[]): string | undefined {
  const reducer = new SweepReducer(initialState(PLAN));
  let seq = 0;
  const apply = (each: SweepEvent) => reducer.apply({ seq: ++seq, at: seq, event: each });
  for (const each of before) apply(each);
  expect(reducer.state.dropped).toBe(0);
  const trial = structuredClone(reducer.trial('a'));
  const counts = { ...reducer.state.counts };
  if (apply(event) !== undefined) return reducer.trial('a')!.status;
  expect([reducer.trial('a'), reducer.state.counts, reducer.state.dropped]).toEqual([trial, counts, 1]);
  return undefined;
}

const running = [leased(1), started(1), leased(2), started(2)];

describe('of a trial whose second attempt runs', () => {
  it.each(said(1))('what the first one says is dropped: $type', (event) => {
    expect(effectOf(event, running)).toBeUndefined();
  });

  it.each(said(3))('what one says that was never leased is dropped: $type', (event) => {
    expect(effectOf(event, running)).toBeUndefined();
  });

  it.each(said(2))('what the second one says counts: $type', (event) => {
    expect(effectOf(event, running)).toBeDefined();
  });

  it('the lease of an attempt opens it once, and none before it', () => {
    expect([1, 2, 3].map((attempt) => effectOf(leased(attempt), running))).toEqual([undefined, undefined, 'leased']);
  });
});

describe('of a trial that has ended', () => {
  const ended = [...running, cancelled(2)];

  it('only a later attempt opens it again', () => {
    expect([1, 2, 3].map((attempt) => effectOf(leased(attempt), ended))).toEqual([undefined, undefined, 'leased']);
  });

  it('only its last attempt is put back', () => {
    expect([1, 2, 3].map((attempt) => effectOf(requeued(attempt), ended))).toEqual([undefined, 'planned', undefined]);
  });
});
