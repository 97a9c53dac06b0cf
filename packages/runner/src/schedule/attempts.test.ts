import type { Metrics } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import type { EngineEvents } from '../engine/engine-supervisor.ts';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { SimulatedEngine, type SimulationOptions } from '../fixtures/simulated-engine.ts';
import { PruningSchema } from '../plan/pruning.ts';
import type { SweepFileInput } from '../plan/sweep-file.ts';
import { Coordinator } from './coordinator.ts';
import { impartialOrder } from './pruning/start-order.ts';

const METRICS: Metrics = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };

/** Runs a sweep to its end on a simulated engine, whose events go through `between` on their way to the coordinator. */
async function simulated(
  sweep: SweepFileInput,
  between: (events: EngineEvents, engine: () => SimulatedEngine) => Partial<EngineEvents>,
  validation: SimulationOptions['validation'] = () => METRICS,
) {
  let engine!: SimulatedEngine;
  const folder = temporaryFolder();
  const coordinator = new Coordinator({
    plan: planOf(sweep),
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    pruning: v.parse(PruningSchema, { rule: 'median', startupTrials: 1 }),
    createEngine: (_, events) => {
      const all = { ...events, ...between(events, () => engine) };
      engine = new SimulatedEngine({ events: all, validation, duration: () => 1 });
      return engine;
    },
  });
  const outcome = coordinator.run();
  while (!coordinator.isComplete) {
    await new Promise(setImmediate);
    engine.step();
  }
  expect(await outcome).toEqual({ status: 'finished' });
  const events = coordinator.eventsAfter(0, -1);
  await coordinator.close();
  return { trials: coordinator.state.trials, types: events.map(({ event }) => event.type) };
}

it('lets a result stand whose host dies before the attempt has said its last word', async () => {
  const { trials, types } = await simulated(
    { name: 'last-words', config: { epochs: 2 }, seeds: 2 },
    // After the result, while the attempt cleans up.
    (_, engine) => ({ onEnded: () => engine().kill() }),
  );
  expect(trials.map(({ status, attempt }) => [status, attempt])).toEqual([
    ['done', 1],
    ['done', 1],
  ]);
  expect(types.filter((type) => type === 'done')).toHaveLength(2);
  expect(types).not.toContain('interrupted');
});

it('leaves it to a trial whose validation is no longer finite to say that it diverged', async () => {
  const { trials } = await simulated(
    { name: 'divergent', config: { epochs: 3 }, seeds: 2 },
    ({ onEvent }, engine) => ({
      onEvent: (event) => {
        onEvent(event);
        if (event.type !== 'epoch' || event.validation.crossEntropy !== null) return;
        const { trial, attempt, step } = event;
        onEvent({ type: 'diverged', trial, attempt, step, lastCrossEntropy: 1, elapsed: 0 });
        engine().stop(trial);
      },
    }),
    ({ seed }, epoch) => (seed === 2 && epoch === 1 ? { ...METRICS, crossEntropy: null } : METRICS),
  );
  expect(trials.map(({ status }) => status)).toEqual(['done', 'diverged']);
});

it('tells the engine what of a trial nobody will go on with: of one that is pruned or cancelled, not of one that stops', async () => {
  const folder = temporaryFolder();
  const stops: [string | null, boolean][] = [];
  let engine!: SimulatedEngine;
  const plan = planOf({ name: 'stops', config: { epochs: 4 }, seeds: 4 });
  const order = impartialOrder(plan.trials);
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    pruning: v.parse(PruningSchema, { rule: 'median', startupTrials: 1 }),
    createEngine: (_, events) => {
      class Engine extends SimulatedEngine {
        override stop(trial: string | null, isForGood = false): void {
          stops.push([trial, isForGood]);
          super.stop(trial);
        }
      }
      // Each worse than those before it.
      const validation: SimulationOptions['validation'] = (trial) => ({
        ...METRICS,
        crossEntropy: 1 + order.findIndex(({ seed }) => seed === trial.seed),
      });
      engine = new Engine({ events, validation, duration: () => 1 });
      return engine;
    },
  });
  const outcome = coordinator.run();
  await new Promise(setImmediate);
  const statuses = () => order.map(({ id }) => coordinator.state.trials.find((trial) => trial.id === id)!.status);
  while (statuses()[2] !== 'running') engine.step();
  const [, pruned, cancelled] = order.map(({ id }) => id);
  expect(statuses()).toEqual(['done', 'pruned', 'running', 'planned']);
  coordinator.control({ do: 'cancel', trial: cancelled! });
  engine.step();
  coordinator.stop();
  while (engine.step());
  expect(await outcome).toEqual({ status: 'stopped' });
  await coordinator.close();
  expect(stops).toEqual([
    [pruned, true],
    [cancelled, true],
    [null, false],
  ]);
});
