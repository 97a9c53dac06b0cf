import { initialState, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { MAX_HOST_DEATHS, Scheduler } from './scheduler.ts';

function setUp({ workers = 2, retries = 1, before = [] as SweepEvent[] } = {}) {
  const plan = planOf(FOUR_ARMS);
  const reducer = new SweepReducer(initialState(plan));
  let seq = 0;
  const apply = (event: SweepEvent) => reducer.apply({ seq: ++seq, at: seq, event });
  for (const event of before) apply(event);
  const scheduler = new Scheduler(reducer, { workers, retries });
  /** Leases and records it, as the coordinator does. */
  const lease = () => {
    const next = scheduler.lease();
    if (next !== undefined) {
      apply({ type: 'leased', trial: next.trial.id, attempt: next.attempt, worker: next.worker });
    }
    return next;
  };
  return { plan, scheduler, lease, ids: plan.trials.map(({ id }) => id) };
}

describe('Scheduler', () => {
  it('leases in plan order, one trial per worker', () => {
    const { lease, ids } = setUp();
    expect(lease()).toMatchObject({ trial: { id: ids[0] }, attempt: 1, worker: 0 });
    expect(lease()).toMatchObject({ trial: { id: ids[1] }, attempt: 1, worker: 1 });
    expect(lease()).toBeUndefined();
  });

  it('gives the worker of a finished trial to the next', () => {
    const { scheduler, lease, ids } = setUp();
    lease();
    lease();
    scheduler.finish(ids[1]!);
    expect(lease()).toMatchObject({ trial: { id: ids[2] }, worker: 1 });
  });

  it('is idle when every trial has been leased and has ended', () => {
    const { scheduler, lease, ids } = setUp({ workers: 4 });
    for (const _ of ids) lease();
    for (const id of ids.slice(1)) scheduler.finish(id);
    expect(scheduler.isIdle).toBe(false);
    scheduler.finish(ids[0]!);
    expect(scheduler.isIdle).toBe(true);
  });

  it('tries a trial that threw again at once, as a new attempt, until its retries are spent', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1, retries: 1 });
    lease();
    expect(scheduler.fail(ids[0]!)).toBe('retry');
    expect(lease()).toMatchObject({ trial: { id: ids[0] }, attempt: 2 });
    expect(scheduler.fail(ids[0]!)).toBe('give up');
    expect(lease()).toMatchObject({ trial: { id: ids[1] }, attempt: 1 });
  });

  it('does not spend retries on a host that dies, but gives up a trial that kills it again and again', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1, retries: 0 });
    for (let death = 1; death < MAX_HOST_DEATHS; death++) {
      lease();
      expect(scheduler.loseHost(ids[0]!)).toBe('retry');
    }
    lease();
    expect(scheduler.loseHost(ids[0]!)).toBe('give up');
  });

  it('tells the trial that kills hosts from the one that only ran beside it', () => {
    const { scheduler, lease, ids } = setUp({ workers: 2 });
    const [killer, neighbour] = [ids[0]!, ids[1]!];
    for (let death = 1; death < MAX_HOST_DEATHS; death++) {
      lease();
      lease();
      expect([scheduler.loseHost(killer), scheduler.loseHost(neighbour)]).toEqual(['retry', 'retry']);
    }
    // Both are suspect now, and each runs alone.
    const first = lease()!.trial.id;
    expect(lease()).toBeUndefined();
    if (first === neighbour) {
      scheduler.finish(neighbour);
      expect(lease()?.trial.id).toBe(killer);
    }
    expect(lease()).toBeUndefined();
    expect(scheduler.loseHost(killer)).toBe('give up');
  });

  it('lets a suspect wait for what runs: its next death would be held against neighbours, too', () => {
    const { scheduler, lease, ids } = setUp({ workers: 2 });
    const [suspect, innocent] = ids as [string, string];
    for (let death = 1; death < MAX_HOST_DEATHS; death++) {
      expect([lease(), lease()].map((next) => next!.trial.id).sort()).toEqual([suspect, innocent].sort());
      scheduler.noteProgress(innocent, death);
      for (const id of [suspect, innocent]) expect(scheduler.loseHost(id)).toBe('retry');
    }
    expect(lease()?.trial.id).toBe(innocent);
    expect(lease()).toBeUndefined();
    scheduler.finish(innocent);
    expect(lease()?.trial.id).toBe(suspect);
    expect(lease()).toBeUndefined();
    // It alone was there.
    expect(scheduler.loseHost(suspect)).toBe('give up');
    expect([lease(), lease()].map((next) => next?.trial.id)).toEqual(ids.slice(2));
  });

  it('takes a trial back that was given up with its hosts forgotten', () => {
    const { scheduler, lease, plan, ids } = setUp({ workers: 2 });
    for (const end of ['retry', 'retry', 'give up']) {
      lease();
      expect(scheduler.loseHost(ids[0]!)).toBe(end);
    }
    scheduler.requeue(plan.trials[0]!);
    expect([lease(), lease()].map((next) => next?.trial.id)).toEqual(ids.slice(0, 2));
    expect(scheduler.loseHost(ids[0]!)).toBe('retry');
  });

  it('does not suspect a trial that gets further each time', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1 });
    for (let death = 0; death < 2 * MAX_HOST_DEATHS; death++) {
      expect(lease()?.trial.id).toBe(ids[0]);
      scheduler.noteProgress(ids[0]!, death);
      expect(scheduler.loseHost(ids[0]!)).toBe('retry');
    }
  });

  it('does suspect a trial that only ever gets as far as before', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1 });
    const outcomes = Array.from({ length: MAX_HOST_DEATHS }, () => {
      lease();
      scheduler.noteProgress(ids[0]!, 1);
      return scheduler.loseHost(ids[0]!);
    });
    expect(outcomes.at(-1)).toBe('give up');
  });

  it('skips what an earlier run has finished', () => {
    const [first, second] = planOf(FOUR_ARMS).trials.map(({ id }) => id);
    const before: SweepEvent[] = [
      { type: 'leased', trial: first!, attempt: 1, worker: 0 },
      { type: 'done', trial: first!, attempt: 1, step: 1, elapsed: 1, weightsHash: '' },
      { type: 'leased', trial: second!, attempt: 1, worker: 0 },
      { type: 'interrupted', trial: second!, attempt: 1, reason: 'the sweep was killed' },
    ];
    const { lease } = setUp({ before });
    expect(lease()).toMatchObject({ trial: { id: second }, attempt: 2 });
  });

  it('knows an attempt that no longer counts', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1 });
    lease();
    scheduler.loseHost(ids[0]!);
    lease();
    expect(scheduler.holds(ids[0]!, 1)).toBe(false);
    expect(scheduler.holds(ids[0]!, 2)).toBe(true);
  });

  it('starts nothing while it is paused, and goes on after', () => {
    const { scheduler, lease, ids } = setUp({ workers: 1 });
    lease();
    scheduler.isPaused = true;
    scheduler.finish(ids[0]!);
    expect(lease()).toBeUndefined();
    expect(scheduler.isIdle).toBe(false);
    scheduler.isPaused = false;
    expect(lease()).toMatchObject({ trial: { id: ids[1] } });
  });

  it('lets fewer or more trials run from the next lease on', () => {
    const { scheduler, lease, ids } = setUp({ workers: 2 });
    lease();
    lease();
    scheduler.workers = 1;
    scheduler.finish(ids[0]!);
    expect(lease()).toBeUndefined();
    scheduler.workers = 3;
    expect([lease()?.worker, lease()?.worker, lease()]).toEqual([0, 2, undefined]);
  });

  it('drops a waiting trial and takes one back with its retries as new', () => {
    const { plan, scheduler, lease, ids } = setUp({ workers: 1, retries: 0 });
    expect(scheduler.drop(ids[0]!)).toBe(true);
    expect(lease()).toMatchObject({ trial: { id: ids[1] } });
    expect(scheduler.drop(ids[1]!)).toBe(false);
    expect(scheduler.fail(ids[1]!)).toBe('give up');
    scheduler.requeue(plan.trials[1]!);
    expect(lease()).toMatchObject({ trial: { id: ids[1] }, attempt: 2 });
  });
});
