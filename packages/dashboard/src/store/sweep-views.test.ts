import { initialState, type SweepPlan, SweepReducer, type TrialState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { makePlan, seedsPlan } from '../fixtures/plans.ts';
import { articleSweep, prunedSweep, seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { arrange } from './arrangement.ts';
import { pairedContrast } from './contrast.ts';
import { METRICS } from './metrics.ts';
import { representatives } from './representatives.ts';
import { summarize } from './seeds-summary.ts';
import { sortTrials } from './trial-rows.ts';

const article = articleSweep();
const seeds = seedsSweep();

/** Momentum varies only where the optimizer has one. */
function conditionalPlan(): SweepPlan {
  const plan = makePlan({
    name: 'conditional',
    axes: [
      { key: 'optimizer', scale: 'list', values: ['sgd', 'momentum'] },
      { key: 'momentum', scale: 'list', values: [0.5, 0.9, 0.99] },
    ],
    except: ({ optimizer, momentum }) => optimizer === 'sgd' && momentum !== 0.9,
  });
  for (const { values } of plan.cells) if (values.optimizer === 'sgd') delete values.momentum;
  return plan;
}

describe('arrange', () => {
  it('puts λ across and BN down', () => {
    const { x, columns, rows } = arrange(article.plan);
    expect(x?.key).toBe('l2');
    expect(columns).toEqual([0, 1e-5, 1e-4, 1e-3, 1e-2]);
    expect(rows.map(({ label }) => label)).toEqual(['BN', 'no BN']);
  });

  it('finds every cell, and only where the plan has one', () => {
    const plan = makePlan({
      name: 'three arms',
      axes: article.plan.axes,
      except: ({ l2, batchNorm }) => l2 === 0 && batchNorm === false,
    });
    const { rows, columns, cellAt } = arrange(plan);
    const found = rows.flatMap((_, row) => columns.map((_, column) => cellAt(row, column)?.values));
    expect(found.filter(Boolean)).toHaveLength(plan.cells.length);
    expect(cellAt(1, 0)).toBeUndefined();
    expect(cellAt(1, 1)?.values).toEqual({ l2: 1e-5, batchNorm: false });
  });

  it('takes the longest scale, and combines all other axes into rows', () => {
    const { x, rows } = arrange(
      makePlan({
        name: 'other axes',
        axes: [
          { key: 'optimizer', scale: 'list', values: ['sgd', 'momentum', 'adam', 'adamw'] },
          { key: 'learningRate', scale: 'log', values: [0.01, 0.1, 1] },
          { key: 'batchNorm', scale: 'boolean', values: [true, false] },
        ],
      }),
    );
    expect(x?.key).toBe('learningRate');
    expect(rows).toHaveLength(8);
    expect(rows[0]?.label).toBe('optimizer=sgd · BN');
  });

  it('never puts an axis across that some cells do not have, and gives those cells a row', () => {
    const plan = conditionalPlan();
    const { x, rows, columns, cellAt } = arrange(plan);
    expect(x?.key).toBe('optimizer');
    expect(rows.map(({ label }) => label)).toEqual(['all', 'momentum=0.5', 'momentum=0.9', 'momentum=0.99']);
    const found = rows.flatMap((_, row) => columns.map((_, column) => cellAt(row, column)?.id));
    expect(found.filter(Boolean).sort()).toEqual(plan.cells.map(({ id }) => id).sort());
  });

  it('puts factors that were sampled together into one column a point', () => {
    const learningRates: Record<string, number> = { '0.0001': 0.3, '0.001': 0.01, '0.01': 0.1 };
    const plan = makePlan({
      name: 'sampled',
      axes: [
        { key: 'l2', scale: 'log', values: [1e-4, 1e-3, 1e-2] },
        { key: 'learningRate', scale: 'log', values: [0.01, 0.1, 0.3] },
        { key: 'batchNorm', scale: 'boolean', values: [true, false] },
      ],
      except: ({ l2, learningRate }) => learningRates[String(l2)] !== learningRate,
    });
    const { rows, columns, cellAt } = arrange(plan);
    expect(rows.map(({ label }) => label)).toEqual(['BN', 'no BN']);
    expect(rows.flatMap((_, row) => columns.map((_, column) => cellAt(row, column))).every(Boolean)).toBe(true);
  });

  it('makes one cell of a sweep without axes', () => {
    const plan: SweepPlan = makePlan({ name: 'single', axes: [] });
    const { x, rows, columns, cellAt } = arrange(plan);
    expect([x, rows.length, columns.length]).toEqual([null, 1, 1]);
    expect(cellAt(0, 0)?.id).toBe(plan.cells[0]?.id);
  });
});

describe('summarize', () => {
  const state = stateAfter(seeds);
  const layout = arrange(state.plan);
  const trialsAt = (row: number, column: number) =>
    layout.trialsOf(layout.cellAt(row, column)!.id).map((index) => state.trials[index]!);

  it('averages the finished seeds', () => {
    const trials = trialsAt(0, 3);
    const values = trials.map((trial) => trial.epochs.at(-1)!.validation.accuracy!);
    const { value, count, deviation, provisional } = summarize(trials, METRICS.validationAccuracy);
    expect(value).toBeCloseTo((values[0]! + values[1]! + values[2]!) / 3, 12);
    expect(count).toBe(3);
    expect(deviation).toBeGreaterThan(0);
    expect(provisional).toBe(false);
  });

  it('counts a diverged seed without letting it into the mean', () => {
    const trials = trialsAt(1, 0);
    expect(trials.map(({ status }) => status)).toEqual(['done', 'diverged', 'done']);
    const { count, value, status } = summarize(trials, METRICS.validationAccuracy);
    const [a, , c] = trials.map((trial) => trial.epochs.at(-1)!.validation.accuracy!);
    expect(count).toBe(2);
    expect(value).toBeCloseTo((a! + c!) / 2, 12);
    expect(status).toBe('done');
  });

  it('leaves pruned seeds out of the mean, and says how many', () => {
    const thinned = stateAfter(prunedSweep());
    const cell = thinned.plan.cells.find(({ values }) => values.l2 === 1e-3 && values.batchNorm === false)!;
    const trials = thinned.trials.filter((trial) => trial.cell === cell.id);
    const done = trials.slice(0, 3).map((trial) => trial.epochs.at(-1)!.validation.accuracy!);
    const summary = summarize(trials, METRICS.validationAccuracy);
    expect(summary).toMatchObject({ count: 3, status: 'done', excluded: [['pruned', 2]], provisional: false });
    expect(summary.value).toBeCloseTo((done[0]! + done[1]! + done[2]!) / 3, 12);
    expect(summarize(trials.slice(3), METRICS.validationAccuracy)).toMatchObject({ value: null, status: 'pruned' });
  });

  it('is never called done where nothing is', () => {
    const [trial] = state.trials;
    const cancelled = (['cancelled', 'pruned', 'cancelled'] as const).map((status) => ({ ...trial!, status }));
    expect(summarize(cancelled, METRICS.validationAccuracy)).toMatchObject({
      value: null,
      status: 'cancelled',
      excluded: [
        ['pruned', 1],
        ['cancelled', 2],
      ],
    });
  });

  it('shows the running ones while none is finished, and says so', () => {
    const early = stateAfter(seeds, 0.05);
    const running = early.trials.filter(({ status }) => status === 'running');
    expect(summarize(running, METRICS.validationAccuracy)).toMatchObject({ provisional: true, status: 'running' });
    expect(summarize([early.trials[40]!], METRICS.validationAccuracy)).toMatchObject({
      value: null,
      status: 'planned',
    });
  });
});

describe('pairedContrast', () => {
  const state = stateAfter(seeds);
  const of = (batchNorm: boolean, l2: number) => {
    const cell = state.plan.cells.find(({ values }) => values.batchNorm === batchNorm && values.l2 === l2)!;
    return state.trials.filter((trial) => trial.cell === cell.id);
  };

  it('pairs by seed and leaves out pairs that are not whole', () => {
    const { value, pairs, kind } = pairedContrast(of(true, 0), of(false, 0), METRICS.validationAccuracy);
    const [on, off] = [of(true, 0), of(false, 0)].map((trials) =>
      trials.map((t) => t.epochs.at(-1)!.validation.accuracy!),
    );
    expect([pairs, kind]).toEqual([2, 'difference']);
    expect(value).toBeCloseTo((on![0]! - off![0]! + on![2]! - off![2]!) / 2, 12);
  });

  it('compares sizes by their quotient', () => {
    const { value, kind } = pairedContrast(of(true, 1e-3), of(false, 1e-3), METRICS.norm);
    expect(kind).toBe('ratio');
    expect(value).toBeGreaterThan(1);
  });
});

describe('representatives', () => {
  it('are the four arms of the 2 × 2', () => {
    const { plan } = article;
    const values = representatives(stateAfter(article)).map(
      (i) => plan.cells.find(({ id }) => id === plan.trials[i]!.cell)!.values,
    );
    expect(values).toEqual([
      { l2: 0, batchNorm: true },
      { l2: 1e-3, batchNorm: true },
      { l2: 0, batchNorm: false },
      { l2: 1e-3, batchNorm: false },
    ]);
  });

  it('leave out arms that the plan leaves out', () => {
    const plan = makePlan({ name: 'one', axes: [], seeds: [3, 4] });
    expect(representatives(initialState(plan))).toEqual([0]);
    expect(representatives(initialState(seedsPlan()), 3)).toHaveLength(3);
  });
});

describe('representatives of several seeds', () => {
  it('are those that are done, else those that run, else those that began', () => {
    const state = stateAfter(seeds, 0);
    const told = (...statuses: TrialState['status'][]) =>
      representatives({
        ...state,
        trials: state.trials.map((trial) => ({ ...trial, status: statuses[trial.seed] ?? 'planned' })),
      }).map((index) => state.trials[index]!.seed);
    expect(told('pruned', 'running', 'done')).toEqual([2, 2, 2, 2]);
    expect(told('diverged', 'planned', 'running')).toEqual([2, 2, 2, 2]);
    expect(told('planned', 'pruned', 'planned')).toEqual([1, 1, 1, 1]);
    expect(told('done', 'pruned', 'done')).toEqual([0, 0, 0, 0]);
  });
});

describe('sortTrials', () => {
  it('puts trials without a value last, both ways', () => {
    const reducer = new SweepReducer(stateAfter(seeds, 0.4));
    for (const descending of [true, false]) {
      const sorted = sortTrials(reducer.state, { key: 'validationAccuracy', descending }, 0);
      const values = sorted.map((trial) => trial.epochs.at(-1)?.validation.accuracy ?? null);
      const known = values.filter((value) => value !== null);
      expect(values.slice(0, known.length)).toEqual(known.toSorted((a, b) => (descending ? b - a : a - b)));
      expect(values.slice(known.length).every((value) => value === null)).toBe(true);
    }
  });

  it('sorts axes by size, and settings by their place on the axis', () => {
    const state = stateAfter(seeds);
    const value = (key: string) => (id: string) => state.plan.cells.find((cell) => cell.id === id)!.values[key];
    const l2 = sortTrials(state, { key: 'axis:l2', descending: true }, 0).map(({ cell }) => value('l2')(cell));
    expect([l2[0], l2.at(-1)]).toEqual([1e-2, 0]);
    const bn = sortTrials(state, { key: 'axis:batchNorm', descending: false }, 0).map(({ cell }) =>
      value('batchNorm')(cell),
    );
    expect([bn[0], bn.at(-1)]).toEqual([true, false]);
  });
});
