import { expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import type { ShapeCost } from './shape-cost.ts';
import { sweepTime } from './sweep-time.ts';

const COST: ShapeCost = { first: 1000, setup: 100, step: 10, evaluate: 5, epochEnd: 7 };
/** 3 steps and 2 validation batches of 32. */
const IMAGES = { train: 96, validation: 33 };
/** 2 epochs: 6 steps, 3 × (2 batches and an end). */
const TRAINING = 6 * 10 + 3 * (2 * 5 + 7);

const timeOf = (sweep: object, options: object = {}) =>
  sweepTime(planOf({ name: 'x', config: { epochs: 2 }, ...sweep }), {
    workers: 1,
    start: 50,
    imagesOf: () => IMAGES,
    costOf: () => COST,
    ...options,
  });

it('adds the start, the first set-up and the training of one trial', () => {
  expect(timeOf({})).toBe(50 + 1000 + TRAINING);
});

it('compiles a shape once a worker', () => {
  expect(timeOf({ seeds: 3 })).toBe(50 + 1000 + 2 * 100 + 3 * TRAINING);
  expect(timeOf({ seeds: 2, axes: { l2: [0, 1] } })).toBe(50 + 1000 + 3 * 100 + 4 * TRAINING);
  expect(timeOf({ seeds: 2, axes: { batchNorm: [true, false] } })).toBe(50 + 2 * 1000 + 2 * 100 + 4 * TRAINING);
});

it('gives each trial to the worker that is free first', () => {
  expect(timeOf({ seeds: 3 }, { workers: 2 })).toBe(50 + 1000 + 100 + 2 * TRAINING);
  expect(timeOf({ seeds: 4 }, { workers: 2 })).toBe(timeOf({ seeds: 3 }, { workers: 2 }));
  // One long trial and three short ones: the short ones fit beside it.
  const uneven = { axes: { epochs: [40, 1, 1, 1].map((epochs, index) => epochs + index) } };
  expect(timeOf(uneven, { workers: 2 })).toBe(timeOf({ config: { epochs: 40 } }));
});

it('leaves out what has a result', () => {
  const plan = planOf({ name: 'x', config: { epochs: 2 }, seeds: 2 });
  const options = { workers: 1, start: 50, imagesOf: () => IMAGES, costOf: () => COST };
  expect(sweepTime(plan, { ...options, finished: new Set([plan.trials[0]!.id]) })).toBe(timeOf({}));
  expect(sweepTime(plan, { ...options, finished: new Set(plan.trials.map(({ id }) => id)) })).toBe(50);
});
