import { isFinished, type SweepState } from '@l2bn/core/sweep';
import { beforeEach, describe, expect, it } from 'vitest';
import { seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { thinCopy } from '../fixtures/thin-state.ts';
import { MissingCourses } from './missing-courses.ts';

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

  it('leaves a trial alone that has begun again, until that attempt has ended', () => {
    const trial = state.trials.find(({ status }) => status === 'diverged')!;
    const sent = whole.trials[trial.index]!;
    courses.want([trial]);
    Object.assign(trial, { status: 'running', attempt: 2, epochs: [] });
    expect(courses.fill(state, [sent])).toEqual([]);
    expect(trial.epochs).toEqual([]);
    courses.want([trial]);
    expect(courses.isWaiting).toBe(false);
    trial.status = 'done';
    courses.want([trial]);
    expect(courses.fill(state, [sent])).toEqual([]);
    expect(courses.fill(state, [{ ...sent, attempt: 2 }])).toEqual([trial]);
    expect(trial.epochs).toEqual(sent.epochs);
  });
});
