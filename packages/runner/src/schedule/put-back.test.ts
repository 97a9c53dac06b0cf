import type { Metrics } from '@l2bn/core/sweep';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { SimulatedEngine } from '../fixtures/simulated-engine.ts';
import { Coordinator } from './coordinator.ts';

const METRICS: Metrics = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };
const PLAN = planOf({ ...FOUR_ARMS, config: { epochs: 1 } });

function setUp(folder = temporaryFolder()) {
  let engine!: SimulatedEngine;
  const coordinator = new Coordinator({
    plan: PLAN,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    createEngine: (_, events) => {
      engine = new SimulatedEngine({ events, validation: () => METRICS, duration: () => 1 });
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

  const { coordinator, runToEnd } = setUp(before.folder);
  expect(await coordinator.run()).toEqual({ status: 'finished' });
  for (const command of [{ do: 'stop' }, { do: 'pause' }] as const) {
    expect(coordinator.control(command)).toEqual({ ok: false, text: 'the sweep is ending' });
  }
  expect(coordinator.state.phase).toBe('finished');
  expect(coordinator.putBack(CANCELLED)).toEqual({ ok: true, text: '1 put back' });
  expect(await runToEnd()).toEqual({ status: 'finished' });
  expect(coordinator.state.counts.done).toBe(4);
});
