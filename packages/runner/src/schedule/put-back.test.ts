import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metrics, SweepPlan } from '@l2bn/core/sweep';
import { expect, it, onTestFinished } from 'vitest';
import type { EngineEvents } from '../engine/engine-supervisor.ts';
import { type ModelModule, modelModule } from '../engine/model-modules.ts';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { SimulatedEngine } from '../fixtures/simulated-engine.ts';
import { Coordinator } from './coordinator.ts';
import { requeueInLedger } from './requeue.ts';

const METRICS: Metrics = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };
const PLAN = planOf({ ...FOUR_ARMS, config: { epochs: 1 } });

interface SetUp {
  folder?: string;
  plan?: SweepPlan;
  /** Failed trials after which the sweep stops. */
  stopAfterFailures?: number;
  /** Whether a trial throws instead of ending its first epoch. */
  throws?: (trial: string) => boolean;
  modules?: () => ModelModule[];
}

function setUp({
  folder = temporaryFolder(),
  plan = PLAN,
  stopAfterFailures = Number.POSITIVE_INFINITY,
  throws = () => false,
  modules = () => [],
}: SetUp = {}) {
  let engine!: SimulatedEngine;
  const resumed = new Map<string, number | null>();
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    stopAfterFailures,
    createEngine: (_, events) => {
      const between: EngineEvents = {
        ...events,
        onEvent(event) {
          if (event.type === 'started') resumed.set(event.trial, event.resumed?.epoch ?? null);
          if (event.type !== 'done' || !throws(event.trial)) events.onEvent(event);
        },
        onEnded: (message) =>
          events.onEnded(throws(message.trial) ? { ...message, outcome: 'threw', error: 'no', stack: '' } : message),
        onReady: (message) => events.onReady({ ...message, modules: modules() }),
      };
      engine = new SimulatedEngine({ events: between, validation: () => METRICS, duration: () => 1 });
      return engine;
    },
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await coordinator.close();
    isClosed = true;
  };
  onTestFinished(close);
  return {
    folder,
    close,
    coordinator,
    /** Epoch from which each trial has gone on last; null for the beginning. */
    resumed,
    async runToEnd() {
      const outcome = coordinator.run();
      await new Promise(setImmediate);
      while (engine.step());
      return outcome;
    },
    phases: () => coordinator.eventsAfter(0, -1).flatMap(({ event }) => (event.type === 'phase' ? [event] : [])),
  };
}

const CANCELLED = PLAN.trials[2]!.id;

it('goes on with what is put back after the end, on a new host', async () => {
  const { coordinator, runToEnd, phases } = setUp();
  expect(coordinator.putBack(null)).toEqual({ ok: false, text: 'the sweep is ending' });
  coordinator.control({ do: 'cancel', trial: CANCELLED });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts).toMatchObject({ done: 3, cancelled: 1 });

  expect(coordinator.putBack(PLAN.trials[0]!.id)).toMatchObject({ ok: false });
  expect(await coordinator.run()).toEqual({ status: 'finished' });
  expect(coordinator.putBack(null)).toEqual({ ok: true, text: '1 put back' });
  expect(coordinator.isComplete).toBe(false);
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts).toMatchObject({ done: 4, cancelled: 0 });
  expect(phases().map(({ phase }) => phase)).toEqual([
    ...['preparing', 'running', 'finished'],
    ...['preparing', 'running', 'finished'],
  ]);
  expect(phases()[3]?.detail).toBe('starting the engine host again (for what was put back)');
});

it('goes on with what is put back of a sweep of which there was nothing to run', async () => {
  const before = setUp();
  before.coordinator.control({ do: 'cancel', trial: CANCELLED });
  await before.runToEnd();
  await before.close();

  const { coordinator, runToEnd } = setUp({ folder: before.folder });
  expect(await coordinator.run()).toEqual({ status: 'finished' });
  for (const command of [{ do: 'stop' }, { do: 'pause' }] as const) {
    expect(coordinator.control(command)).toEqual({ ok: false, text: 'the sweep is ending' });
  }
  expect(coordinator.state.phase).toBe('finished');
  expect(coordinator.putBack(CANCELLED)).toEqual({ ok: true, text: '1 put back' });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts.done).toBe(4);
});

it('goes on with what is put back though it was told to stop in its last step, and was paused', async () => {
  const { coordinator, runToEnd } = setUp();
  coordinator.control({ do: 'cancel', trial: CANCELLED });
  coordinator.on('events', () => {
    if (coordinator.state.counts.done < 3 || coordinator.isAskedToEnd) return;
    coordinator.control({ do: 'pause' });
    coordinator.stop('asked to stop');
  });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.isAskedToEnd).toBe(true);
  coordinator.removeAllListeners('events');
  expect(coordinator.putBack(null)).toEqual({ ok: true, text: '1 put back' });
  expect(coordinator.isAskedToEnd).toBe(false);
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts.done).toBe(4);
});

it('goes on with what is put back after the failure that was to stop the sweep', async () => {
  let isBroken = true;
  const last = PLAN.trials[3]!.id;
  const { coordinator, runToEnd } = setUp({ stopAfterFailures: 1, throws: (trial) => isBroken && trial === last });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts).toMatchObject({ done: 3, failed: 1 });
  expect(coordinator.isAskedToEnd).toBe(false);
  isBroken = false;
  expect(coordinator.putBack(null)).toEqual({ ok: true, text: '1 put back' });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts.done).toBe(4);
});

const OWN = planOf({ ...FOUR_ARMS, config: { model: './net.mjs', epochs: 3 } });
const write = (folder: string, text: string) => writeFileSync(join(folder, 'net.mjs'), text);

it('puts nothing back whose module was edited beside results, and begins anew what has begun with another version', async () => {
  const [pruned] = OWN.trials.map(({ id }) => id) as [string];
  const folder = temporaryFolder();
  write(folder, 'first');
  const modules = () => [modelModule('./net.mjs', folder)];
  const first = setUp({ folder, plan: OWN, modules, throws: () => true });
  expect(await first.runToEnd()).toEqual({ status: 'finished' });
  expect(first.coordinator.state.counts.failed).toBe(4);
  write(folder, 'second');
  // All have a checkpoint of the first version.
  expect(first.coordinator.putBack(null)).toMatchObject({ ok: false, text: expect.stringContaining('was edited') });
  expect(first.coordinator.state.counts.failed).toBe(4);
  await first.close();

  requeueInLedger(folder, OWN.trials[1]!.id, { baseDirectory: folder, acceptEdited: true });
  const second = setUp({ folder, plan: OWN, modules });
  expect(await second.runToEnd()).toEqual({ status: 'finished' });
  expect(second.coordinator.state.counts).toMatchObject({ done: 1, failed: 3 });
  // Of the process that holds the sweep, too.
  expect(second.coordinator.putBack(pruned)).toEqual({ ok: true, text: '1 put back' });
  expect(await second.runToEnd()).toEqual({ status: 'finished' });
  expect(second.coordinator.state.counts).toMatchObject({ done: 2, failed: 2 });
  expect([...second.resumed.values()]).toEqual([null, null]);
});
