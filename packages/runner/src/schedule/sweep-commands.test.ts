import { type ControlCommand, initialState, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { Scheduler } from './scheduler.ts';
import { SweepCommands } from './sweep-commands.ts';

/** Commands on a scheduler of four trials, of which one at a time may run, at most three. */
function setUp(editedModels: string[] = []) {
  const plan = planOf({ ...FOUR_ARMS, config: { model: './net.mjs' } });
  const reducer = new SweepReducer(initialState(plan));
  let seq = 0;
  const record = (event: SweepEvent) => void reducer.apply({ seq: ++seq, at: seq, event });
  const scheduler = new Scheduler(reducer, { workers: 1, retries: 0 });
  const done: string[] = [];
  const commands = new SweepCommands({
    scheduler,
    reducer,
    maxWorkers: 3,
    record,
    requeued: ({ id, attempt }) => ({ type: 'requeued', trial: id, attempt, anew: true }),
    editedModels: () => editedModels,
    stop: () => void done.push('stop'),
    onOver: (trial) => void done.push(`over ${trial}`),
    cancelRunning(trial) {
      done.push(`cancel ${trial}`);
      record({ type: 'cancelled', trial, attempt: reducer.trial(trial)!.attempt });
    },
  });
  record({ type: 'phase', phase: 'running', detail: 'digits', workers: 1 });
  const ask = (command: ControlCommand) => commands.carryOut(command);
  return {
    ids: plan.trials.map(({ id }) => id) as [string, string, string, string],
    state: reducer.state,
    scheduler,
    done,
    record,
    ask,
    statuses: () => reducer.state.trials.map(({ status }) => status),
    /** Starts the next trial. */
    lease() {
      const lease = scheduler.lease()!;
      record({ type: 'leased', trial: lease.trial.id, attempt: lease.attempt, worker: lease.worker });
      return lease.trial.id;
    },
    /** Lets a running trial end so. */
    end(trial: string, event: { type: 'failed'; error: string; stack: string } | typeof PRUNED) {
      scheduler.finish(trial);
      record({ ...event, trial, attempt: 1 });
    },
  };
}

const FAILED = { type: 'failed', error: 'too deep', stack: '' } as const;
const PRUNED = {
  type: 'pruned',
  epoch: 1,
  step: 1,
  rule: 'asha',
  metric: 'crossEntropy',
  value: 2,
  threshold: 1,
  peers: 3,
} as const;

describe('SweepCommands', () => {
  it('pauses once: what runs goes on, nothing new starts; and resumes once', () => {
    const { ask, state, scheduler, lease } = setUp();
    expect(ask({ do: 'resume' })).toEqual({ ok: false, text: 'the sweep is not paused' });
    const first = lease();
    expect(ask({ do: 'pause' })).toEqual({ ok: true, text: 'paused: 1 running trials go on, no new ones start' });
    expect(state).toMatchObject({ phase: 'paused', detail: 'digits', workers: 1 });
    expect(ask({ do: 'pause' })).toEqual({ ok: false, text: 'the sweep is paused already' });
    scheduler.finish(first);
    expect(scheduler.lease()).toBeUndefined();
    expect(ask({ do: 'resume' })).toEqual({ ok: true, text: 'going on' });
    expect(state).toMatchObject({ phase: 'running', detail: 'digits' });
    expect(scheduler.lease()).toBeDefined();
  });

  it('leaves the end to the coordinator', () => {
    const { ask, done } = setUp();
    expect(ask({ do: 'stop' })).toMatchObject({ ok: true });
    expect(done).toEqual(['stop']);
  });

  it('cancels a trial that waits and one that runs, and none that has ended or is not there', () => {
    const { ask, ids, lease, done, statuses, scheduler, end } = setUp();
    const [running, waiting, , last] = ids;
    lease();
    expect(ask({ do: 'cancel', trial: waiting })).toEqual({ ok: true, text: `${waiting} is cancelled` });
    expect(ask({ do: 'cancel', trial: running })).toEqual({ ok: true, text: `${running} ends at its next step` });
    // The one that runs is over when its last step has ended.
    expect(done).toEqual([`over ${waiting}`, `cancel ${running}`]);
    expect(ask({ do: 'cancel', trial: waiting })).toEqual({ ok: false, text: `${waiting} is cancelled already` });
    expect(ask({ do: 'cancel', trial: 'nobody' })).toEqual({ ok: false, text: 'there is no trial nobody' });
    scheduler.finish(running);
    end(lease(), FAILED);
    expect(lease()).toBe(last);
    expect(statuses()).toEqual(['cancelled', 'cancelled', 'failed', 'leased']);
  });

  it('puts back all that failed or were cancelled, and what was pruned by its name only', () => {
    const { ask, ids, lease, end, statuses, scheduler } = setUp();
    const [, pruned, cancelled, done] = ids;
    expect(ask({ do: 'retry', trial: null })).toEqual({ ok: false, text: 'no trial has failed or was cancelled' });
    end(lease(), FAILED);
    end(lease(), PRUNED);
    ask({ do: 'cancel', trial: cancelled });
    expect(ask({ do: 'retry', trial: null })).toEqual({ ok: true, text: '2 put back' });
    expect(statuses()).toEqual(['planned', 'pruned', 'planned', 'planned']);
    const text = `${done} has not failed and was not cancelled or pruned`;
    expect(ask({ do: 'retry', trial: done })).toEqual({ ok: false, text });
    expect(ask({ do: 'retry', trial: pruned })).toEqual({ ok: true, text: '1 put back' });
    // In front, as new attempts, each once.
    const leased = ids.map(() => {
      const trial = lease();
      scheduler.finish(trial);
      return trial;
    });
    expect(leased.toSorted()).toEqual(ids.toSorted());
    expect(leased[0]).toBe(pruned);
    expect(scheduler.isIdle).toBe(true);
  });

  it('puts nothing back with another module than it holds, and hides no failure for that', () => {
    const { ask, ids, lease, end, record, statuses } = setUp(['./net.mjs']);
    end(lease(), FAILED);
    const refused = { ok: false, text: expect.stringMatching(/^\.\/net\.mjs was edited, .* l2bn stop first, then/) };
    expect(ask({ do: 'retry', trial: null })).toEqual(refused);
    expect(ask({ do: 'retry', trial: ids[0] })).toEqual(refused);
    expect(statuses()[0]).toBe('failed');
    // After the end a new host takes its place, and only results could be mixed.
    record({ type: 'phase', phase: 'finished' });
    expect(ask({ do: 'retry', trial: null })).toEqual({ ok: true, text: '1 put back' });
    const result = lease();
    record({ type: 'done', trial: result, attempt: 2, step: 1, elapsed: 1, weightsHash: '' });
    expect(ask({ do: 'cancel', trial: ids[3] })).toMatchObject({ ok: true });
    expect(ask({ do: 'retry', trial: null })).toEqual(refused);
  });

  it('is not kept from putting back by a module that no trial of it has', () => {
    const { ask, lease, end } = setUp(['./other.mjs']);
    end(lease(), FAILED);
    expect(ask({ do: 'retry', trial: null })).toEqual({ ok: true, text: '1 put back' });
  });

  it('puts nothing back whose last step has not ended', () => {
    const { ask, lease, scheduler, statuses } = setUp();
    const trial = lease();
    ask({ do: 'cancel', trial });
    expect(ask({ do: 'retry', trial })).toEqual({ ok: false, text: 'its last step has not ended yet; try again' });
    expect(ask({ do: 'retry', trial: null })).toMatchObject({ ok: false });
    scheduler.finish(trial);
    expect(ask({ do: 'retry', trial })).toEqual({ ok: true, text: '1 put back' });
    expect(statuses()[0]).toBe('planned');
  });

  it('changes the number of workers up to what the engine has threads for', () => {
    const { ask, scheduler, state } = setUp();
    expect(ask({ do: 'workers', count: 4 })).toEqual({
      ok: false,
      text: 'this sweep was started for at most 3 workers',
    });
    expect(ask({ do: 'workers', count: 3 })).toEqual({ ok: true, text: '3 trials at a time from now on' });
    expect([scheduler.workers, state.workers, state.phase]).toEqual([3, 3, 'running']);
    expect(ask({ do: 'workers', count: 1 })).toEqual({ ok: true, text: '1 trial at a time from now on' });
  });
});
