import type { SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { type HostScript, scriptedHost } from '../fixtures/scripted-host.ts';
import { Coordinator, type CoordinatorOptions } from '../schedule/coordinator.ts';
import { EngineSupervisor } from './engine-supervisor.ts';

/** A sweep of that many trials on hosts in processes of their own. */
function sweepOn(script: HostScript, { trials, ...options }: { trials: number } & Partial<CoordinatorOptions>) {
  const folder = temporaryFolder();
  const hostEntry = scriptedHost(script);
  const coordinator = new Coordinator({
    plan: planOf({ name: 'x', seeds: trials }),
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    ...options,
    createEngine: (engine, events) => new EngineSupervisor({ ...engine, hostEntry }, events),
  });
  onTestFinished(() => coordinator.close());
  const recorded = () => coordinator.eventsAfter(0, -1).map(({ event }) => event);
  return {
    coordinator,
    folder,
    recorded,
    done: () => coordinator.state.counts.done,
    /** Why hosts were started again. */
    restarts: () => recorded().flatMap((event) => restartIn(event)),
    attempts: () => coordinator.state.trials.map(({ attempt }) => attempt),
  };
}

const restartIn = (event: SweepEvent): string[] =>
  event.type === 'phase' ? (/again \((.*)\)/s.exec(event.detail ?? '')?.slice(1) ?? []) : [];

const GROWN = 'it had grown too large';

describe('a host whose trials leak', () => {
  it('is renewed between two of them, and no trial notices', async () => {
    const sweep = sweepOn({ memory: '({ ended }) => GIB + ended * GIB' }, { trials: 9 });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([GROWN, GROWN]);
    expect(sweep.attempts()).toEqual(Array(9).fill(1));
  });
});

describe('a host is not renewed', () => {
  it.each([
    ['for its data sets, however large', '({ running }) => (40 + running) * GIB', { trials: 4, workers: 2 }],
    ['for the garbage of loading them', '({ running, ended }) => (running + ended > 0 ? 9 : 40) * GIB', { trials: 4 }],
    ['for a network larger than any that is known', '({ running }) => (1 + 30 * running) * GIB', { trials: 4 }],
    ['at once again for what it needs', '({ running, ended }) => (1 + 6 * Math.min(ended, 1)) * GIB', { trials: 6 }],
  ])('%s', async (_, memory, options) => {
    const sweep = sweepOn({ memory }, options);
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([]);
    expect(sweep.done()).toBe(options.trials);
  });

  it('for the trials of workers that a user has added', async () => {
    const sweep = sweepOn(
      { memory: '({ running }) => (1 + 2.5 * running) * GIB', together: '(ended) => (ended === 0 ? 1 : 8)' },
      { trials: 9, maxWorkers: 8 },
    );
    sweep.coordinator.on('events', (events) => {
      if (events.some(({ event }) => event.type === 'done') && sweep.done() === 1) {
        sweep.coordinator.control({ do: 'workers', count: 8 });
      }
    });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([]);
    expect(sweep.done()).toBe(9);
  });
});
