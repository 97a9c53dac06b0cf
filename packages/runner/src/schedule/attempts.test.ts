import type { Metrics } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { SimulatedEngine } from '../fixtures/simulated-engine.ts';
import { PruningSchema } from '../plan/pruning.ts';
import { Coordinator } from './coordinator.ts';

const METRICS: Metrics = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };

it('lets a result stand whose host dies before the attempt has said its last word', async () => {
  const plan = planOf({ name: 'last-words', config: { epochs: 2 }, seeds: 2 });
  let engine!: SimulatedEngine;
  const folder = temporaryFolder();
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    createEngine: (_, events) => {
      engine = new SimulatedEngine({
        // After the result, while the attempt cleans up.
        events: { ...events, onEnded: () => engine.kill() },
        validation: () => METRICS,
        duration: () => 1,
      });
      return engine;
    },
  });
  const outcome = coordinator.run();
  while (!coordinator.isComplete) {
    await new Promise(setImmediate);
    engine.step();
  }
  expect(await outcome).toEqual({ status: 'finished' });
  expect(coordinator.state.trials.map(({ status, attempt }) => [status, attempt])).toEqual([
    ['done', 1],
    ['done', 1],
  ]);
  const types = coordinator.eventsAfter(0, -1).map(({ event }) => event.type);
  expect(types.filter((type) => type === 'done')).toHaveLength(2);
  expect(types).not.toContain('interrupted');
  await coordinator.close();
});

it('leaves it to a trial whose validation is no longer finite to say that it diverged', async () => {
  const plan = planOf({ name: 'divergent', config: { epochs: 3 }, seeds: 2 });
  let engine!: SimulatedEngine;
  const folder = temporaryFolder();
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    pruning: v.parse(PruningSchema, { rule: 'median', startupTrials: 1 }),
    createEngine: (_, events) => {
      engine = new SimulatedEngine({
        events: {
          ...events,
          onEvent: (event) => {
            events.onEvent(event);
            if (event.type !== 'epoch' || event.validation.crossEntropy !== null) return;
            const { trial, attempt, step } = event;
            events.onEvent({ type: 'diverged', trial, attempt, step, lastCrossEntropy: 1, elapsed: 0 });
            engine.stop(trial);
          },
        },
        validation: ({ seed }, epoch) => (seed === 2 && epoch === 1 ? { ...METRICS, crossEntropy: null } : METRICS),
        duration: () => 1,
      });
      return engine;
    },
  });
  const outcome = coordinator.run();
  while (!coordinator.isComplete) {
    await new Promise(setImmediate);
    engine.step();
  }
  await outcome;
  expect(coordinator.state.trials.map(({ status }) => status)).toEqual(['done', 'diverged']);
  await coordinator.close();
});
