import type { SweepEvent } from '@l2bn/core/sweep';
import { initialState, SweepReducer } from '@l2bn/core/sweep';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { Pace } from './pace.ts';
import { statusScreen } from './status-screen.ts';
import { sweepStatus } from './sweep-status.ts';

const SECOND = 1_000;
const COMMANDS = { resume: 'l2bn run sweeps/arms', retry: 'l2bn retry sweeps/arms' };

/** A sweep of four cells told of events, each with its time in s. */
function sweep() {
  const plan = planOf({ name: 'arms', axes: { batchNorm: [true, false], l2: [0, 1e-3] }, seeds: 2 });
  const reducer = new SweepReducer(initialState(plan));
  const pace = new Pace();
  let seq = 0;
  const tell = (at: number, event: SweepEvent) => {
    const recorded = { seq: ++seq, at: at * SECOND, event };
    const trial = reducer.apply(recorded);
    pace.observe(recorded, reducer.state, trial);
  };
  const base = (index: number) => ({ trial: plan.trials[index]!.id, attempt: 1 });
  const start = (at: number, index: number, worker: number) => {
    tell(at, { ...base(index), type: 'leased', worker });
    const sizes = { totalSteps: 100, stepsPerEpoch: 50, epochs: 2, classes: 10 };
    tell(at, { ...base(index), type: 'started', worker, ...sizes, resumed: null });
  };
  const steps = (at: number, index: number, from: number, count: number) => {
    const values = Array.from({ length: count }, () => 1.5);
    tell(at, { ...base(index), type: 'steps', from, crossEntropy: values, penalty: values, accuracy: values });
  };
  const status = (now: number, isWritten = true) =>
    sweepStatus({ state: reducer.state, pace, isWritten, commands: COMMANDS, source: undefined, now: now * SECOND });
  const screen = (now: number, isWritten = true) =>
    statusScreen(status(now, isWritten), picocolors.createColors(false)).split('\n');
  const short = (index: number) => {
    const { cell, seed } = plan.trials[index]!;
    return `${cell.slice(0, 6)}-s${seed}`;
  };
  return { plan, short, tell, base, start, steps, status, screen };
}

/** Two trials run, one has diverged, one has failed; 20 s in. */
function middle() {
  const it = sweep();
  const { tell, base, start, steps } = it;
  tell(0, { type: 'phase', phase: 'running', detail: 'digits', workers: 2 });
  start(0, 0, 0);
  start(0, 1, 1);
  tell(5, { ...base(0), type: 'diverged', step: 7, lastCrossEntropy: 2.5, elapsed: 1 });
  tell(5, { ...base(1), type: 'failed', error: 'out of memory\nat x', stack: '' });
  start(10, 2, 0);
  start(10, 3, 1);
  steps(20, 2, 0, 50);
  return it;
}

describe('statusScreen', () => {
  it('shows counts, what runs with its ETA, what diverged, and how to repeat what failed', () => {
    const { plan, short, screen } = middle();
    expect(screen(20)).toEqual([
      '✕ arms · running: digits · 2/8 ended · 2 workers · ETA 44 s',
      '  4 planned · 2 running · 1 diverged · 1 failed',
      '',
      'running',
      `  w0 ${short(2)} BN · λ=1e-3 · seed 1  step 50/100  epoch 0/2  ce 1.500  ETA 10 s`,
      `  w1 ${short(3)} BN · λ=1e-3 · seed 2  step 0/100  epoch 0/2`,
      '',
      'diverged (a result, not a failure)',
      `  ! ${short(0)} BN · λ=0 · seed 1: at step 7, last finite cross-entropy 2.5`,
      '',
      'failed',
      `  ✕ ${short(1)} BN · λ=0 · seed 2: out of memory (1 attempt)`,
      `    again: l2bn run <sweep file> batchNorm=true l2=0 seeds=2, name=arms-${plan.cells[0]!.id.slice(0, 8)}-s2`,
      '',
      'l2bn retry sweeps/arms puts failed trials back.',
    ]);
  });

  it('says what was pruned and what has no checkpoint, and warns when one arm lost more than the other', () => {
    const { plan, short, tell, base, start, screen, status } = sweep();
    plan.trials.forEach((_, index) => {
      start(0, index, index);
      const at = { epoch: 1, step: 50 };
      // Six of eight end; of those with Batch Normalization (0…3) none is lost, of those without two.
      if (index >= 6) tell(2, { ...base(index), type: 'checkpointFailed', epoch: 1, error: 'ENOSPC: no space' });
      else if (index < 4) tell(2, { ...base(index), type: 'done', step: 100, elapsed: 1, weightsHash: '' });
      else {
        const why = { rule: 'median', metric: 'crossEntropy', value: 2.3, threshold: 0.4, peers: 5 };
        tell(2, { ...base(index), type: 'pruned', ...at, ...why });
      }
    });
    expect(status(2)).toMatchObject({
      finished: 6,
      survival: { differs: true, arms: [{ survived: 4 }, { ended: 2, survived: 0, pruned: 2 }] },
    });
    const screenLines = screen(2);
    const from = screenLines.indexOf('pruned (censored: nobody knows what they would have come to)');
    expect(screenLines.slice(from)).toEqual([
      'pruned (censored: nobody knows what they would have come to)',
      `  ▿ ${short(4)} no BN · λ=0 · seed 1: after epoch 1, validation cross-entropy 2.3, at most 0.4 wanted (median of 5 in its arm)`,
      `  ▿ ${short(5)} no BN · λ=0 · seed 2: after epoch 1, validation cross-entropy 2.3, at most 0.4 wanted (median of 5 in its arm)`,
      '',
      'without a new checkpoint',
      `  ! ${short(6)} no BN · λ=1e-3 · seed 1: the last is none: ENOSPC: no space`,
      `  ! ${short(7)} no BN · λ=1e-3 · seed 2: the last is none: ENOSPC: no space`,
      '',
      'survival by arm',
      '  BN     4 of 4 ended trials came through',
      '  no BN  0 of 2 ended trials came through (2 pruned)',
      '  ! The arms differ: a mean over what came through is a mean over the best of the thinner arm.',
      '    Compare per cell, or run the rest: l2bn retry TRIAL.',
    ]);
  });

  it('counts the time since the last event, and never below 0', () => {
    const { status } = middle();
    expect(status(24).running[0]?.eta).toBe(6 * SECOND);
    expect(status(99)).toMatchObject({ eta: 0, running: [{ eta: 0 }, { eta: null }] });
  });

  it('measures the pace of this run, not of an earlier one', () => {
    const { tell, base, start, steps, status } = sweep();
    start(0, 0, 0);
    tell(500, { ...base(0), type: 'done', step: 100, elapsed: 1, weightsHash: '' });
    tell(1000, { type: 'phase', phase: 'running', workers: 1 });
    start(1000, 1, 0);
    steps(1010, 1, 0, 100);
    expect(status(1010).eta).toBe(60 * SECOND);
  });

  it('says that a sweep was killed when no process writes it and it had not ended', () => {
    const { screen, status } = middle();
    expect(status(30, false)).toMatchObject({ phase: 'killed', complete: false, running: [], eta: null });
    expect(screen(30, false)[0]).toBe('✕ arms · killed · 2/8 ended');
    expect(screen(30, false).slice(-3)).toEqual([
      'l2bn retry sweeps/arms puts failed trials back; l2bn run sweeps/arms then runs them.',
      '',
      'No process runs it any more. To go on: l2bn run sweeps/arms',
    ]);
  });

  it('is complete when every trial has a result and none failed', () => {
    const { plan, tell, base, start, status, screen } = sweep();
    plan.trials.forEach((_, index) => {
      start(index, index, 0);
      if (index === 0) tell(index, { ...base(0), type: 'diverged', step: 1, lastCrossEntropy: null, elapsed: 1 });
      else tell(index, { ...base(index), type: 'done', step: 100, elapsed: 1, weightsHash: '' });
    });
    tell(9, { type: 'phase', phase: 'finished' });
    expect(status(9, false)).toMatchObject({ complete: true, phase: 'finished', finished: 8, total: 8 });
    expect(screen(9)[0]).toBe('✓ arms · finished · 8/8 ended');
  });

  it('calls a trial that is about to start so', () => {
    const { tell, base, screen, status } = sweep();
    tell(0, { ...base(0), type: 'leased', worker: 0 });
    expect(screen(1)[1]).toBe('  7 planned · 1 about to start');
    expect(status(1).counts.leased).toBe(1);
  });

  it('stays one screen: of many it shows some and says how many more', () => {
    const { plan, tell, base, start, screen } = sweep();
    plan.trials.forEach((_, index) => {
      start(0, index, 0);
      tell(1, { ...base(index), type: 'diverged', step: 1, lastCrossEntropy: null, elapsed: 1 });
    });
    expect(screen(1).at(-1)).toBe('  … and 2 more (l2bn status --json lists all)');
  });
});
