import { describe, expect, it } from 'vitest';
import type { RecordedEvent, SweepEvent, SweepPhase } from './events.ts';
import type { SweepPlan } from './plan.ts';
import { initialState, SweepReducer } from './reducer.ts';
import { runTimeOf } from './run-time.ts';

const ids = ['a', 'b', 'c'] as const;
const plan = {
  version: 1,
  name: 'three',
  hash: '',
  axes: [],
  seeds: [1, 2, 3],
  cells: [],
  trials: ids.map((id, index) => ({ id, index, cell: 'c', seed: index + 1 })),
} satisfies SweepPlan;

const MINUTE = 60_000;
const NIGHT = 15 * 60;

const phase = (phase: SweepPhase): SweepEvent => ({ type: 'phase', phase });
const who = (trial: string, attempt: number) => ({ trial, attempt });
const leased = (trial: string, attempt = 1): SweepEvent => ({ type: 'leased', ...who(trial, attempt), worker: 0 });
const started = (trial: string, attempt = 1): SweepEvent => ({
  type: 'started',
  ...who(trial, attempt),
  worker: 0,
  totalSteps: 10,
  stepsPerEpoch: 5,
  epochs: 2,
  classes: 10,
  resumed: null,
});
const step = (trial: string, from: number, attempt = 1): SweepEvent => ({
  type: 'steps',
  ...who(trial, attempt),
  from,
  crossEntropy: [1],
  penalty: [0],
  accuracy: [0],
});
const done = (trial: string, attempt = 1): SweepEvent => ({
  type: 'done',
  ...who(trial, attempt),
  step: 10,
  elapsed: 1,
  weightsHash: 'h',
});
const interrupted = (trial: string, reason: string): SweepEvent => ({ type: 'interrupted', ...who(trial, 1), reason });

/** The state after events at these minutes. */
function stateOf(...timeline: readonly (readonly [minute: number, ...events: SweepEvent[]])[]) {
  const reducer = new SweepReducer(initialState(plan));
  const events = timeline.flatMap(([minute, ...told]) => told.map((event) => ({ at: 1e12 + minute * MINUTE, event })));
  for (const [i, { at, event }] of events.entries()) reducer.apply({ seq: i + 1, at, event } satisfies RecordedEvent);
  const { state } = reducer;
  return { state, minutes: state.runTime / MINUTE, of: (id: string, minute = 0) => minutesOf(state, id, minute) };
}

const minutesOf = (state: SweepReducer['state'], id: string, minute: number) => {
  const time = runTimeOf(state, state.trials.find((trial) => trial.id === id)!, 1e12 + minute * MINUTE);
  return time === null ? null : time / MINUTE;
};

describe('the run time', () => {
  it('leaves out the time between a stop and the next start', () => {
    const { minutes, of } = stateOf(
      [0, phase('preparing')],
      [1, phase('running'), leased('a'), started('a')],
      [3, phase('stopping')],
      [4, interrupted('a', 'stopped by the user'), phase('stopped')],
      [NIGHT, phase('preparing')],
      [NIGHT + 1, phase('running'), leased('a', 2), started('a', 2)],
      [NIGHT + 6, done('a', 2), phase('finished')],
    );
    // What passes before the interruption is one step at most, and is left out.
    expect(minutes).toBe(2 + 5);
    expect(of('a')).toBe(2 + 5);
  });

  it.each([2, NIGHT])('ends with the last event of a coordinator that was killed %d minutes before', (away) => {
    const { minutes, of } = stateOf(
      [0, phase('running'), leased('a'), started('a'), leased('b'), started('b')],
      [3, step('a', 0), step('b', 0)],
      [3 + away, interrupted('a', 'the sweep was killed'), interrupted('b', 'the sweep was killed')],
      [3 + away, phase('preparing')],
      [4 + away, phase('running'), leased('a', 2), started('a', 2)],
      [6 + away, done('a', 2)],
    );
    expect(minutes).toBe(3 + 2);
    expect([of('a'), of('b'), of('c')]).toEqual([5, 3, null]);
  });

  it('ends there, too, where trials are put back before the next start', () => {
    const { minutes } = stateOf(
      [0, phase('running'), leased('a'), started('a'), leased('b'), started('b')],
      [1, { type: 'failed', ...who('a', 1), error: 'no', stack: '' }],
      [6, { type: 'requeued', ...who('a', 1) }],
      [7, interrupted('b', 'the sweep was killed'), phase('preparing')],
    );
    expect(minutes).toBe(1);
  });

  it('goes on in a pause for as long as trials run', () => {
    const { minutes } = stateOf(
      [0, phase('running'), leased('a'), started('a')],
      [1, phase('paused')],
      [3, done('a')],
      [NIGHT, phase('running'), leased('b'), started('b')],
      [NIGHT + 2, done('b')],
    );
    expect(minutes).toBe(3 + 2);
  });

  it('counts neither a night in which the machine slept nor a clock that goes back', () => {
    const { minutes, of } = stateOf(
      [0, phase('running'), leased('a'), started('a')],
      [1, step('a', 0)],
      [NIGHT, step('a', 1)],
      [NIGHT + 1, step('a', 2)],
      [5, step('a', 3)],
      [6, done('a')],
    );
    expect(minutes).toBe(3);
    expect(of('a')).toBe(3);
  });

  it('of a running trial goes on after the last event', () => {
    const { of, state } = stateOf([0, phase('running'), leased('a'), started('a')], [2, step('a', 0)]);
    expect(of('a', 2)).toBe(2);
    expect(of('a', 5)).toBe(5);
    // Nobody has heard of it since: it may be dead.
    expect(of('a', NIGHT)).toBe(2);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});
