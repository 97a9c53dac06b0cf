import { initialState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { stoppedSweep } from '../fixtures/stopped-sweep.ts';
import { articleSweep, seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { type SweepChange, SweepStore } from './sweep-store.ts';

const sweep = articleSweep();

function make() {
  const frames: (() => void)[] = [];
  const store = new SweepStore((callback) => frames.push(callback));
  const changes: SweepChange[] = [];
  store.addEventListener('change', (event) => changes.push((event as CustomEvent<SweepChange>).detail));
  const frame = () => {
    for (const callback of frames.splice(0)) callback();
  };
  return { store, changes, frame, frames };
}

describe('SweepStore', () => {
  it('tells of all that a frame brought in one event', () => {
    const { store, changes, frame, frames } = make();
    store.load(initialState(sweep.plan));
    for (const event of sweep.events.slice(0, 60)) store.apply([event]);
    expect(frames).toHaveLength(1);
    frame();
    expect(changes).toHaveLength(1);
    expect(changes[0]?.replaced).toBe(true);
    store.apply(sweep.events.slice(60, 70));
    frame();
    expect(changes[1]?.replaced).toBe(false);
    const ids = sweep.events.slice(60, 70).flatMap(({ event }) => ('trial' in event ? [event.trial] : []));
    expect([...changes[1]!.trials].sort()).toEqual([...new Set(ids)].sort());
  });

  it('comes to the reducer’s state', () => {
    const { store } = make();
    store.load(initialState(sweep.plan));
    expect(store.apply(sweep.events)).toEqual({ applied: sweep.events.length, gap: false });
    expect(store.state).toEqual(stateAfter(sweep));
  });

  it('skips what it has and stops at a gap', () => {
    const { store } = make();
    store.load(initialState(sweep.plan));
    store.apply(sweep.events.slice(0, 5));
    expect(store.apply(sweep.events.slice(2, 8))).toEqual({ applied: 3, gap: false });
    expect(store.apply(sweep.events.slice(9, 12))).toEqual({ applied: 0, gap: true });
    expect(store.seq).toBe(8);
  });

  it('announces nothing when nothing was new', () => {
    const { store, frames, frame } = make();
    store.load(initialState(sweep.plan));
    store.apply(sweep.events.slice(0, 5));
    frame();
    store.apply(sweep.events.slice(0, 5));
    expect(frames).toHaveLength(0);
  });
});

describe('the pace of a SweepStore', () => {
  const seeds = seedsSweep();
  const stopped = stoppedSweep(seeds, 0.1, 15 * 3_600_000);

  /** What a page tells that came after `from` of the events, and what is true, after `to` of them. */
  function told({ plan, events }: typeof seeds, from: number, to: number) {
    const { store } = make();
    const cut = (share: number) => Math.round(share * events.length);
    store.load(stateAfter({ plan, events }, from));
    for (const event of events.slice(cut(from), cut(to))) store.apply([event]);
    return { left: store.pace.left(store.state!, store.state!.at), truth: events.at(-1)!.at - store.state!.at };
  }

  it.each([
    ['from the start', seeds, 0],
    ['from the middle on', seeds, 0.15],
    ['from the start, stopped for a night', stopped, 0],
    ['since the night', stopped, 0.12],
  ])('comes close to what the sweep then takes, seen %s', (_, watched, from) => {
    for (const to of [0.3, 0.5, 0.8]) {
      const { left, truth } = told(watched, from, to);
      expect(left! / truth).toBeGreaterThan(0.8);
      expect(left! / truth).toBeLessThan(1.25);
    }
  });

  it('says nothing of a state in which it has seen nothing happen', () => {
    expect(told(seeds, 0.5, 0.5).left).toBeNull();
    expect(told(seeds, 0, 1).left).toBe(0);
  });
});
