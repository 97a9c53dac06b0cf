import { initialState, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { manySweep, mixedSweep, prunedSweep, seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { MapModels, mapModel, trialsAt } from './map-model.ts';
import { METRICS } from './metrics.ts';

const accuracy = METRICS.validationAccuracy;
const seeds = seedsSweep();
const state = stateAfter(seeds);

describe('mapModel', () => {
  it('lays the summaries out as the map, with none where the plan has no cell', () => {
    const { layout, summaries, shown, axis } = mapModel(state, accuracy);
    expect(summaries.map((row) => row.length)).toEqual([8, 8]);
    expect(shown).toHaveLength(state.plan.cells.length);
    expect(axis).toMatchObject({ zero: true });
    const cell = layout.cellAt(1, 2)!;
    expect(summaries[1]![2]!.trials.every((trial) => trial.cell === cell.id)).toBe(true);
    expect(trialsAt(state, layout, 1, 2)).toEqual(summaries[1]![2]!.trials);
    expect(trialsAt(state, layout, 2, 0)).toEqual([]);
    const one = stateAfter(mixedSweep());
    const left = { ...one, plan: { ...one.plan, cells: one.plan.cells.slice(1) } };
    expect(
      mapModel(left, accuracy)
        .summaries.flat()
        .filter((summary) => summary === null),
    ).toHaveLength(1);
  });

  it('names the best of the finished cells alone, by the direction of the metric', () => {
    const finished = (key: keyof typeof METRICS) =>
      mapModel(state, METRICS[key]).shown.flatMap(({ value, provisional }) => (provisional ? [] : (value ?? [])));
    expect(mapModel(state, accuracy).best).toBe(Math.max(...finished('validationAccuracy')));
    expect(mapModel(state, METRICS.validationCrossEntropy).best).toBe(Math.min(...finished('validationCrossEntropy')));
    expect(mapModel(state, METRICS.norm).best).toBeNull();
    const early = stateAfter(seeds, 0.05);
    expect(mapModel(early, accuracy).shown.some(({ provisional }) => provisional)).toBe(true);
    expect(mapModel(early, accuracy).best).toBeNull();
  });

  it('spans the values of the seeds, too, while their bars can be read', () => {
    const withBars = mapModel(state, METRICS.norm);
    const done = state.trials.filter(({ status }) => status === 'done');
    const norms = done.map(({ epochs }) => epochs.at(-1)!.weights.norm!);
    expect(withBars.scale).toMatchObject({ low: Math.min(...norms), high: Math.max(...norms) });
    expect(withBars.hasBars).toBe(true);
    const many = { ...state, plan: { ...state.plan, trials: new Array(2_001).fill(state.plan.trials[0]!) } };
    const means = withBars.shown.flatMap(({ value }) => value ?? []);
    const { layout } = withBars;
    const crowded = mapModel(many, METRICS.norm, layout);
    expect(crowded.hasBars).toBe(false);
    expect(crowded.scale).toMatchObject({
      low: Math.min(...means),
      high: Math.max(...means),
    });
  });

  it('contrasts BN with no BN where that is all that differs in a column', () => {
    expect(mapModel(state, accuracy).contrasts).toHaveLength(8);
    expect(mapModel(stateAfter(prunedSweep()), METRICS.norm).contrasts![0]).toMatchObject({ kind: 'ratio' });
    expect(mapModel(stateAfter(mixedSweep()), accuracy).contrasts).toBeNull();
  });
});

describe('MapModels', () => {
  it('makes a model anew for an event, a metric and another state, and for nothing else', () => {
    const { plan, events } = manySweep(2);
    const reducer = new SweepReducer(initialState(plan));
    for (const event of events.slice(0, 200)) reducer.apply(event);
    const models = new MapModels();
    const first = models.of(reducer.state, accuracy);
    expect(models.of(reducer.state, accuracy)).toBe(first);
    reducer.apply(events[200]!);
    const second = models.of(reducer.state, accuracy);
    expect(second).not.toBe(first);
    expect(second.layout).toBe(first.layout);
    expect(models.of(reducer.state, METRICS.norm).metric).toBe(METRICS.norm);
    const replaced = structuredClone(reducer.state);
    expect(models.of(replaced, METRICS.norm).plan).toBe(replaced.plan);
  });
});
