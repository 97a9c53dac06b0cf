import {
  type Course,
  isFinished,
  SweepReducer,
  type SweepState,
  type TrialEvent,
  type TrialState,
} from '@l2bn/core/sweep';
import { beforeEach, describe, expect, it } from 'vitest';
import { seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { thinCopy } from '../fixtures/thin-state.ts';
import { MissingCourses } from './missing-courses.ts';
import { SweepStore } from './sweep-store.ts';

const sweep = seedsSweep();
let whole: SweepState;
let state: SweepState;
let courses: MissingCourses;
let wants: number;

beforeEach(() => {
  whole = stateAfter(sweep, 0.5);
  state = thinCopy(whole);
  courses = new MissingCourses();
  courses.begin(state, true);
  wants = 0;
  courses.addEventListener('want', () => wants++);
});

describe('MissingCourses', () => {
  it('lacks nothing of a snapshot that has all', () => {
    courses.begin(whole, false);
    courses.want(whole.trials);
    expect([courses.isWaiting, wants]).toEqual([false, 0]);
  });

  it('asks for finished trials that are shown, once', () => {
    courses.want(state.trials);
    const finished = state.trials.filter(({ status }) => isFinished(status)).map(({ index }) => index);
    expect(courses.next(1000)).toEqual(finished);
    expect(courses.next(2)).toEqual(finished.slice(0, 2));
    courses.want(state.trials);
    expect(wants).toBe(1);
  });

  it('completes trials, so that the state is whole', () => {
    courses.want(state.trials);
    const asked = courses.next(1000);
    expect(
      courses
        .fill(
          state,
          asked.map((index) => whole.trials[index]!),
        )
        .map(({ index }) => index),
    ).toEqual(asked);
    expect(state).toEqual(whole);
    expect(courses.isWaiting).toBe(false);
    courses.want(state.trials);
    expect(wants).toBe(1);
  });

  it('leaves the course of an attempt alone that it has not heard of, and asks again', () => {
    const [trial] = state.trials;
    const sent = whole.trials[0]!;
    courses.want([trial!]);
    expect(courses.fill(state, [{ ...sent, attempt: 2 }])).toEqual([]);
    expect([courses.isWaiting, trial!.epochs.length]).toEqual([false, 1]);
    courses.want([trial!]);
    expect(courses.fill(state, [sent])).toEqual([trial]);
  });
});

describe('a trial that is put back', () => {
  /** A reducer that has seen all, and a store that began with a thin snapshot of it when the trial had failed. */
  function stage() {
    const reducer = new SweepReducer(stateAfter(sweep));
    const trial = reducer.state.trials.find(({ status }) => status === 'failed')!;
    const store = new SweepStore(() => {});
    store.load(thinCopy(reducer.state), true);
    const failed = structuredClone(trial);
    const tell = (...events: TrialEvent[]) => {
      for (const event of events) {
        const recorded = { seq: reducer.state.seq + 1, at: reducer.state.at + 10, event };
        reducer.apply(recorded);
        store.apply([recorded]);
      }
    };
    const missing = () => store.courses.has(trial);
    /** Fills in all that finished before, and this trial's course. */
    const fill = (course: Course) => {
      const others = reducer.state.trials.filter((other) => other !== trial);
      store.fill([...others, structuredClone(course)]);
    };
    return { reducer, store, trial, failed, tell, missing, fill, ...eventsOf(failed) };
  }

  function eventsOf({ id, epochs, totalSteps, stepsPerEpoch }: TrialState) {
    const of = (attempt: number) => ({ trial: id, attempt, worker: 0 });
    const plan = { totalSteps, stepsPerEpoch, epochs: totalSteps / stepsPerEpoch, classes: 10 };
    return {
      requeued: { type: 'requeued', trial: id, attempt: 1 } satisfies TrialEvent,
      leased: (attempt: number): TrialEvent => ({ type: 'leased', ...of(attempt) }),
      started: (attempt: number, resumed: { epoch: number; step: number } | null): TrialEvent => ({
        type: 'started',
        ...of(attempt),
        ...plan,
        resumed,
      }),
      steps: (attempt: number, from: number, count: number): TrialEvent => {
        const column = (base: number) => Array.from({ length: count }, (_, i) => base + from + i);
        const [crossEntropy, penalty, accuracy] = [column(0.1), column(0.2), column(0.3)];
        return { type: 'steps', trial: id, attempt, from, crossEntropy, penalty, accuracy };
      },
      epoch: (attempt: number, epoch: number): TrialEvent => ({
        type: 'epoch',
        trial: id,
        attempt,
        ...epochs.at(-1)!,
        epoch,
        step: epoch * stepsPerEpoch,
      }),
    };
  }

  it('gets its beginning although it runs, and keeps what its events told', () => {
    const { reducer, store, trial, failed, tell, missing, fill, ...told } = stage();
    const { stepsPerEpoch } = failed;
    const resumed = { epoch: 1, step: stepsPerEpoch };
    tell(told.requeued, told.leased(2), told.started(2, resumed), told.steps(2, resumed.step, 5));
    const sent = structuredClone(trial);
    // Come while the answer was under way.
    tell(told.steps(2, resumed.step + 5, stepsPerEpoch - 5), told.epoch(2, 2));
    fill(sent);
    expect(store.state).toEqual(reducer.state);
    expect(missing()).toBe(false);
  });

  it('takes the beginning from the attempt before', () => {
    const { reducer, store, failed, tell, fill, ...told } = stage();
    const resumed = { epoch: 1, step: failed.stepsPerEpoch };
    tell(told.requeued, told.leased(2), told.started(2, resumed), told.steps(2, resumed.step, 3));
    fill(failed);
    expect(store.state).toEqual(reducer.state);
  });

  it('takes no more than what came before all of its attempts', () => {
    const { reducer, store, trial, failed, tell, fill, ...told } = stage();
    const { stepsPerEpoch } = failed;
    const resumed = { epoch: 1, step: stepsPerEpoch };
    tell(told.requeued, told.leased(2), told.started(2, resumed));
    tell(told.steps(2, stepsPerEpoch, stepsPerEpoch), told.epoch(2, 2));
    const sent = structuredClone(trial);
    tell({ type: 'interrupted', trial: trial.id, attempt: 2, reason: 'host died' });
    tell(told.leased(3), told.started(3, resumed));
    fill(sent);
    expect(store.state).toEqual(reducer.state);
  });

  it('is completed also while it waits', () => {
    const { reducer, store, failed, tell, fill, requeued, leased } = stage();
    tell(requeued, leased(2));
    fill(failed);
    expect(store.state).toEqual(reducer.state);
  });

  it('is asked for as soon as it goes on, with no panel that shows it', () => {
    const { store, trial, tell, requeued, leased, started } = stage();
    tell(requeued, leased(2));
    expect(store.courses.isWaiting).toBe(false);
    tell(started(2, { epoch: 1, step: 45 }));
    expect(store.courses.next(9)).toEqual([trial.index]);
  });

  it.each(['where its attempt starts from nothing', 'where it is put back to begin anew'])(
    'lacks nothing %s',
    (how) => {
      const { reducer, store, trial, failed, tell, missing, fill, ...told } = stage();
      store.courses.want(store.state!.trials.slice(trial.index, trial.index + 1));
      if (how.startsWith('where its')) tell(told.requeued, told.leased(2), told.started(2, null));
      else tell({ ...told.requeued, anew: true });
      expect([missing(), store.courses.isWaiting]).toEqual([false, false]);
      // An answer that was under way.
      fill(failed);
      expect(store.state).toEqual(reducer.state);
    },
  );
});
