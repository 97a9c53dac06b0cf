import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  armSurvival,
  cellOf,
  type RecordedEvent,
  type SweepPlan,
  type SweepState,
  type TrialEventOf,
} from '@l2bn/core/sweep';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { SimulatedEngine } from '../../fixtures/simulated-engine.ts';
import { type PruningRule, PruningSchema } from '../../plan/pruning.ts';
import { Coordinator } from '../coordinator.ts';

const SEEDS = 30;
const EPOCHS = 27;
const WORKERS = 8;

/** Two arms × 40 λ × 30 seeds: 2,400 trials. */
const PLAN = planOf({
  name: 'thousands',
  config: { epochs: EPOCHS },
  axes: { batchNorm: [true, false], l2: { log: [1e-6, 1e-2], points: 40 } },
  seeds: SEEDS,
});

/** 0…1, the same for the same trial: how good its λ and seed are. No two trials of an arm have the same. */
function quality({ l2, seed }: { l2: number; seed: number }): number {
  const position = (Math.log10(l2) + 6) / 4;
  return (0.9 * position + (seed / SEEDS) * 0.1 + seed * 0.6180339887) % 1;
}

/**
 * The case that pruning gets wrong: without Batch Normalization networks learn more slowly, but come out better in the end.
 * Within an arm curves do not cross, so the best one is known.
 */
function crossEntropy(
  { batchNorm, l2, seed }: { batchNorm: boolean; l2: number; seed: number },
  epoch: number,
): number {
  const [end, slowness] = batchNorm ? [0.32, 2] : [0.25, 7];
  return end + 0.4 * quality({ l2, seed }) + 1.9 * Math.exp(-epoch / slowness);
}

const pruning = (rule: v.InferInput<typeof PruningSchema>): PruningRule => v.parse(PruningSchema, rule);

/** A ledger in memory where there is such a folder: thousands of commits would each wait for the disk. */
function fastFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'l2bn-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Simulation {
  plan?: SweepPlan;
  rule?: PruningRule;
  folder?: string;
  /** Called before every virtual event; may kill the engine, or end the simulation by returning true. */
  between?: (engine: SimulatedEngine, coordinator: Coordinator, count: number) => boolean;
}

async function simulate({ plan = PLAN, rule, folder = fastFolder(), between = () => false }: Simulation) {
  let engine!: SimulatedEngine;
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: WORKERS,
    retries: 0,
    ...(rule === undefined ? {} : { pruning: rule }),
    createEngine: (_, events) => {
      engine = new SimulatedEngine({
        events,
        validation: ({ config, seed }, epoch) => {
          const value = crossEntropy({ ...config, seed }, epoch);
          return { crossEntropy: value, penalty: 100 * config.l2, accuracy: 1 - value / 3 };
        },
        // The strong and the late are as fast as the others, but never in step with them.
        duration: ({ config, seed }) => 1 + quality({ ...config, seed: (seed * 7) % SEEDS }) / 2,
      });
      return engine;
    },
  });
  const outcome = coordinator.run();
  await new Promise(setImmediate);
  let count = 0;
  while (!between(engine, coordinator, count++) && (engine.step() || !coordinator.isComplete)) {
    // After a kill the next host comes a turn later.
    if (!engine.takesWork) await new Promise(setImmediate);
  }
  if (coordinator.isComplete) expect(await outcome).toEqual({ status: 'finished' });
  const events = coordinator.eventsAfter(0, -1);
  await coordinator.close();
  return { folder, events, state: coordinator.state, epochs: engine.epochs };
}

const ENDINGS = ['done', 'pruned', 'diverged', 'failed', 'cancelled'];

/** Every trial has exactly one end in the ledger. */
function expectEachOnce(state: SweepState, events: RecordedEvent[]): void {
  const ends = events.flatMap(({ event }) =>
    event.type !== 'phase' && ENDINGS.includes(event.type) ? [event.trial] : [],
  );
  expect(ends.length).toBe(state.plan.trials.length);
  expect(new Set(ends).size).toBe(state.plan.trials.length);
  expect(state.counts.done + state.counts.pruned).toBe(state.plan.trials.length);
  expect(state.dropped).toBe(0);
}

/** The rules again, written the plain way from what the ledger says: sorted anew for each verdict, every tenth of them. */
function expectRightVerdicts({ plan }: SweepState, events: RecordedEvent[], rule: PruningRule): void {
  const armOf = (trial: string) => cellOf(plan, trial.slice(0, trial.lastIndexOf('-s')))!.config.batchNorm;
  const scores = new Map<string, number[]>();
  const reached = { true: new Map<number, Set<string>>(), false: new Map<number, Set<string>>() };
  const done = { true: new Set<string>(), false: new Set<string>() };
  const sorted = (trials: Iterable<string>, epoch: number) =>
    [...trials].flatMap((id) => scores.get(id)![epoch] ?? []).sort((a, b) => a - b);
  const verdict = ({ trial, epoch }: TrialEventOf<'epoch'>): { value: number; threshold: number } | undefined => {
    const own = scores.get(trial)!;
    const arm = `${armOf(trial)}` as const;
    if (rule.rule === 'asha') {
      if (![1, 3, 9].includes(epoch)) return undefined;
      const all = sorted(reached[arm].get(epoch)!, epoch);
      if (all.length < 3) return undefined;
      const last = all[Math.max(1, Math.floor(all.length / 3)) - 1]!;
      return own[epoch]! > last ? { value: own[epoch]!, threshold: last } : undefined;
    }
    if (done[arm].size < 5 || epoch < 3 || epoch === EPOCHS) return undefined;
    const then = sorted(done[arm], epoch);
    const middle = (then[Math.ceil(then.length / 2) - 1]! + then[Math.floor(then.length / 2)]!) / 2;
    const best = Math.min(...own.slice(1));
    return best > middle ? { value: best, threshold: middle } : undefined;
  };
  for (const [index, { event }] of events.entries()) {
    if (event.type === 'done') done[`${armOf(event.trial)}`].add(event.trial);
    if (event.type !== 'epoch') continue;
    const { trial, epoch } = event;
    const own = scores.get(trial) ?? [];
    own[epoch] = event.validation.crossEntropy!;
    scores.set(trial, own);
    const ofArm = reached[`${armOf(trial)}`];
    ofArm.set(epoch, (ofArm.get(epoch) ?? new Set()).add(trial));
    // All of the first, when few have got to a rung.
    if (index % 10 !== 0 && index > 3000) continue;
    const expected = verdict(event);
    // What a rule says of an epoch stands right behind it.
    const next = events[index + 1]!.event;
    if (expected === undefined) expect(next.type).not.toBe('pruned');
    else expect(next).toMatchObject({ type: 'pruned', trial, epoch, ...expected });
  }
}

/** The trial that no other of its arm ever beats. */
const bestOf = (state: SweepState, batchNorm: boolean) =>
  state.trials
    .filter(({ cell }) => cellOf(state.plan, cell)!.config.batchNorm === batchNorm)
    .map((trial) => ({ trial, q: quality({ l2: cellOf(state.plan, trial.cell)!.config.l2, seed: trial.seed }) }))
    .reduce((a, b) => (b.q < a.q ? b : a)).trial;

const ASHA = pruning({ rule: 'asha' });
const MEDIAN = pruning({ rule: 'median', warmupEpochs: 3 });

describe('pruning, on a virtual clock with thousands of trials', { timeout: 60_000 }, () => {
  it('is off by default', async () => {
    const plan = planOf({ name: 'few', config: { epochs: 3, l2: 1e-4 }, axes: { batchNorm: 'boolean' }, seeds: 10 });
    expect((await simulate({ plan })).state.counts).toMatchObject({ done: 20, pruned: 0 });
  });

  for (const [name, rule, share] of [
    ['asha', ASHA, 0.5],
    ['median', MEDIAN, 0.6],
  ] as const) {
    it(`${name}: ends every trial once, by the rule, keeps the best of each arm and as many of both`, async () => {
      const { state, events, epochs } = await simulate({ rule });
      expectEachOnce(state, events);
      expectRightVerdicts(state, events, rule);
      expect(bestOf(state, true).status).toBe('done');
      expect(bestOf(state, false).status).toBe('done');
      expect(armSurvival(state)).toMatchObject({ differs: false, arms: [{ ended: 1200 }, { ended: 1200 }] });
      expect(state.counts.pruned).toBeGreaterThan(state.trials.length / 2);
      expect(epochs).toBeLessThan(share * EPOCHS * state.trials.length);
    });
  }

  it('would cut the slower arm down and lose the best trial if both arms had one bar', async () => {
    const { state } = await simulate({ rule: pruning({ rule: 'asha', within: [] }) });
    expect(bestOf(state, false).status).toBe('pruned');
    const [on, off] = armSurvival(state).arms;
    expect(on!.survived).toBeGreaterThan(3 * off!.survived);
  });

  it('compares by accuracy where that is asked for', async () => {
    const { state } = await simulate({ rule: pruning({ rule: 'asha', metric: 'accuracy' }) });
    const { pruning: why } = state.trials.find(({ status }) => status === 'pruned')!;
    expect(why).toMatchObject({ metric: 'accuracy' });
    expect(why!.value!).toBeLessThan(why!.threshold!);
    expect(bestOf(state, true).status).toBe('done');
  });

  for (const rule of [ASHA, MEDIAN]) {
    it(`${rule.rule}: goes on by the same record after kills of the engine and new starts of the sweep`, async () => {
      const folder = fastFolder();
      const killing = (engine: SimulatedEngine, _: Coordinator, count: number) => {
        if (count % 97 === 96) engine.kill();
        return false;
      };
      // Ended in the middle, three times; what ran then is interrupted.
      for (const length of [500, 1500, 2500]) {
        await simulate({
          rule,
          folder,
          between: (engine, coordinator, count) => killing(engine, coordinator, count) || count >= length,
        });
      }
      const { state, events } = await simulate({ rule, folder, between: killing });
      expectEachOnce(state, events);
      expectRightVerdicts(state, events, rule);
      expect(state.trials.some(({ attempt, status }) => attempt > 1 && status === 'pruned')).toBe(true);
      expect(bestOf(state, true).status).toBe('done');
      expect(bestOf(state, false).status).toBe('done');
    });
  }

  it('ends the same trials however the sweep file orders its values', async () => {
    const values = [1e-5, 1e-4, 1e-3, 1e-2];
    const survivors = async (l2: number[]) => {
      const axes = { batchNorm: [true, false], l2 };
      const plan = planOf({ name: 'order', config: { epochs: EPOCHS }, axes, seeds: 4 });
      const { state } = await simulate({ plan, rule: ASHA });
      expect(state.counts.pruned).toBeGreaterThan(0);
      return state.trials.flatMap(({ id, status }) => (status === 'done' ? [id] : [])).sort();
    };
    expect(await survivors(values.toReversed())).toEqual(await survivors(values));
  });

  it('does not judge at a rung that too few have got to', async () => {
    const plan = planOf({ name: 'few', config: { epochs: 9 }, axes: { l2: [0, 1e-3, 1e-2] }, seeds: 4 });
    const counts = async (rungTrials: number) =>
      (await simulate({ plan, rule: pruning({ rule: 'asha', rungTrials }) })).state.counts;
    expect(await counts(13)).toMatchObject({ done: 12, pruned: 0 });
    expect((await counts(12)).pruned).toBeGreaterThan(0);
  });

  it('lets a pruned trial that is put back by name run to its end', async () => {
    const plan = planOf({ name: 'few', config: { epochs: 9, l2: 1e-4 }, axes: { batchNorm: 'boolean' }, seeds: SEEDS });
    let again: string | undefined;
    const { state } = await simulate({
      plan,
      rule: ASHA,
      between: (_, coordinator) => {
        again ??= coordinator.state.trials.find(({ id, status }) => {
          if (status !== 'pruned') return false;
          expect(coordinator.control({ do: 'retry', trial: null }).ok).toBe(false);
          return coordinator.control({ do: 'retry', trial: id }).ok;
        })?.id;
        return false;
      },
    });
    const trial = state.trials.find(({ id }) => id === again)!;
    expect(trial).toMatchObject({ status: 'done', attempt: 2 });
    expect(trial.pruning).not.toBeNull();
  });
});
