import { describe, expect, it } from 'vitest';
import type { SweepEvent } from './events.ts';
import type { SweepPlan } from './plan.ts';
import { formatDuration, RemainingTime, SweepPace } from './progress.ts';
import { initialState, SweepReducer } from './reducer.ts';

const MINUTE = 60_000;
const NIGHT = 15 * 60;
const STEPS = 60;

const plan = {
  version: 1,
  name: 'sixteen',
  hash: '',
  axes: [],
  seeds: [],
  cells: [],
  trials: Array.from({ length: 16 }, (_, index) => ({ id: `t${index}`, index, cell: 'c', seed: index })),
} satisfies SweepPlan;

/** Sixteen trials of one minute and sixty steps each, two at a time, on a clock that is told when to jump. */
class Sixteen {
  readonly reducer = new SweepReducer(initialState(plan));
  pace = new SweepPace();
  minute = 0;
  private seq = 0;

  get left() {
    const left = this.pace.left(this.reducer.state, 1e12 + this.minute * MINUTE);
    return left === null ? null : left / MINUTE;
  }

  tell(event: SweepEvent): void {
    const recorded = { seq: ++this.seq, at: 1e12 + this.minute * MINUTE, event };
    this.reducer.apply(recorded);
    this.pace.observe(recorded, this.reducer.state);
  }

  /** Runs two trials for a part of their minute, from where an earlier attempt ended. */
  run(pair: number, { attempt = 1, from = 0, to = STEPS } = {}): void {
    const two = [2 * pair, 2 * pair + 1].map((index) => ({ trial: `t${index}`, attempt }));
    for (const who of two) {
      this.tell({ type: 'leased', ...who, worker: 0 });
      const resumed = from === 0 ? null : { epoch: 1, step: from };
      const counts = { totalSteps: STEPS, stepsPerEpoch: STEPS / 2, epochs: 2, classes: 10 };
      this.tell({ type: 'started', ...who, worker: 0, ...counts, resumed });
    }
    for (let step = from; step < to; step++) {
      this.minute += 1 / STEPS;
      for (const who of two) {
        this.tell({ type: 'steps', ...who, from: step, crossEntropy: [1], penalty: [0], accuracy: [0] });
      }
    }
    for (const who of two) {
      if (to === STEPS) this.tell({ type: 'done', ...who, step: to, elapsed: 1, weightsHash: 'h' });
      else this.tell({ type: 'interrupted', ...who, reason: 'stopped by the user' });
    }
  }
}

describe('SweepPace', () => {
  it('knows nothing before a pace is seen, then what is left of a uniform sweep', () => {
    const sweep = new Sixteen();
    sweep.tell({ type: 'phase', phase: 'running' });
    expect(sweep.left).toBeNull();
    for (const pair of [0, 1, 2]) {
      sweep.run(pair);
      expect(sweep.left).toBeCloseTo(7 - pair, 6);
    }
    for (const pair of [3, 4, 5, 6, 7]) sweep.run(pair);
    expect(sweep.left).toBe(0);
  });

  it('leaves out the night between a stop and the next start', () => {
    const sweep = new Sixteen();
    sweep.tell({ type: 'phase', phase: 'running' });
    sweep.run(0, { to: 30 });
    sweep.tell({ type: 'phase', phase: 'stopped' });
    sweep.minute += NIGHT;
    sweep.tell({ type: 'phase', phase: 'running' });
    sweep.run(0, { attempt: 2, from: 30 });
    expect(sweep.left).toBeCloseTo(7, 6);
  });

  it.each([5, NIGHT])('leaves out a pause of %d minutes', (long) => {
    const sweep = new Sixteen();
    sweep.tell({ type: 'phase', phase: 'running' });
    sweep.run(0);
    sweep.tell({ type: 'phase', phase: 'paused' });
    sweep.minute += long;
    sweep.tell({ type: 'phase', phase: 'running' });
    expect(sweep.left).toBeNull();
    sweep.run(1);
    expect(sweep.left).toBeCloseTo(6, 6);
  });

  it('watches from a state in the middle on, and is silent about the time before', () => {
    const sweep = new Sixteen();
    sweep.tell({ type: 'phase', phase: 'running' });
    for (const pair of [0, 1]) sweep.run(pair);
    sweep.pace = new SweepPace();
    sweep.pace.begin(sweep.reducer.state);
    expect(sweep.left).toBeNull();
    sweep.run(2);
    expect(sweep.left).toBeCloseTo(5, 6);
  });
});

it('estimates from the pace since it began to watch, not from what was done before', () => {
  const remaining = new RemainingTime();
  expect(remaining.estimate(0.5, 1000)).toBeNull();
  expect(remaining.estimate(0.75, 5000)).toBe(4000);
});

it('estimates nothing from the first steps, which take in loading and compiling', () => {
  const remaining = new RemainingTime();
  for (const now of [0, 1_000]) expect(remaining.estimate(0, now)).toBeNull();
  // 2 of 100 steps after 12.1 s would make 10 minutes; it goes on with 40 ms a step.
  expect(remaining.estimate(0.02, 12_100)).toBeNull();
  expect(remaining.estimate(0.12, 12_500)).toBeNull();
  expect(remaining.estimate(0.97, 15_900)).toBeCloseTo((3_800 / 0.95) * 0.03, 6);
});

it('estimates from all that there was where it is asked for the first time', () => {
  const remaining = new RemainingTime();
  remaining.estimate(0, 0);
  for (const now of [60_000, 120_000]) remaining.look(now);
  expect(remaining.estimate(0.001, 130_000)).toBeCloseTo(130_000 * 999, 3);
});

it.each([
  [8_400, '8 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
