import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
      { trials: 17, maxWorkers: 8 },
    );
    sweep.coordinator.on('events', (events) => {
      if (events.some(({ event }) => event.type === 'done') && sweep.done() === 1) {
        sweep.coordinator.control({ do: 'workers', count: 8 });
      }
    });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([]);
    expect(sweep.done()).toBe(17);
  });
});

describe('a host that sends what is no message', () => {
  /** Once in the life of the folder that the host keeps its mark in. */
  const once = (deed: string) => `(message) => {
    if (message.type !== 'run') return;
    const mark = new URL('./mark', import.meta.url);
    if (fs.existsSync(mark)) return;
    fs.writeFileSync(mark, '');
    ${deed}
  }`;

  it.each([
    ['a number', 'process.send(5)', '5'],
    ['null', 'process.send(null)', 'null'],
    ['an unknown type', "process.send({ type: 'hello' })", '"hello"'],
    ['a health without a number', "process.send({ type: 'health', memory: '?' })", '"memory":"?"'],
    ['a huge one', "process.send({ type: 'event', event: 'x'.repeat(1e6) })", '"event":"xxx'],
  ])('(%s) is killed and its trials are tried again', async (_, deed, shown) => {
    const sweep = sweepOn({ first: once(deed), together: '() => 2' }, { trials: 4, workers: 2 });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.done()).toBe(4);
    const [reason, ...more] = sweep.restarts();
    expect(more).toEqual([]);
    expect(reason).toMatch(/^it sent .*, which is no message \(.+\)$/);
    expect(reason).toContain(shown);
    expect(reason?.length).toBeLessThan(500);
    expect(readFileSync(join(sweep.folder, 'engine.log'), 'utf8')).toContain(reason);
  });

  it('before it is ready, again and again, ends the sweep with what it sent', async () => {
    const sweep = sweepOn({ first: "() => process.send('nonsense')" }, { trials: 1 });
    expect(await sweep.coordinator.run()).toEqual({
      status: 'broken',
      reason: expect.stringContaining('it sent "nonsense", which is no message'),
    });
  });
});
