import { initialState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { wholeState } from '../../packages/dashboard/src/connection/whole-state.ts';
import { mixedSweep, prunedSweep, seedsSweep, stateAfter } from '../../packages/dashboard/src/fixtures/sweeps.ts';
import { thinCopy } from '../../packages/dashboard/src/fixtures/thin-state.ts';
import { snapshotState } from '../../packages/runner/src/server/thin-state.ts';

const sent = (value: object) => JSON.parse(JSON.stringify(value));

describe('a snapshot that is packed', () => {
  it.each([
    ['seeds', seedsSweep()],
    ['pruned', prunedSweep()],
    ['mixed', mixedSweep()],
  ])('is unpacked to the state of the sweep %s, without the courses of what has finished', (_, sweep) => {
    for (const share of [0, 0.3, 0.7, 1]) {
      const state = stateAfter(sweep, share);
      expect(wholeState(sent(snapshotState(state, 0)))).toEqual(sent(thinCopy(state)));
    }
  });

  it('has trials that were cancelled before they began, and those that wait again', () => {
    const state = stateAfter(seedsSweep(), 0.5);
    const waits = state.trials.find(({ status }) => status === 'diverged')!;
    waits.status = 'planned';
    state.trials.at(-1)!.status = 'cancelled';
    expect(wholeState(sent(snapshotState(state, 0)))).toEqual(sent(thinCopy(state)));
  });

  it('is not packed while it is small, and is small before anything has happened', () => {
    const state = stateAfter(seedsSweep());
    expect(snapshotState(state, 1e8)).toEqual({ state });
    const { plan } = state;
    const before = snapshotState(initialState(plan), 0);
    expect(before.state.trials).toEqual([]);
    expect(wholeState(sent(before))).toEqual(initialState(plan));
  });
});
