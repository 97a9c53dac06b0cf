import * as v from 'valibot';
import { expect, it } from 'vitest';
import { planOf } from '../fixtures/plans.ts';
import { planShape } from './plan-shape.ts';
import { type SweepFileInput, SweepFileSchema } from './sweep-file.ts';

const shapeOf = (sweep: SweepFileInput) => planShape(planOf(sweep), v.parse(SweepFileSchema, sweep));

it('says what a sweep varies, where, and what it leaves out and adds', () => {
  expect(
    shapeOf({
      name: 'x',
      axes: {
        optimizer: ['sgd', 'momentum', 'nesterov'],
        momentum: { values: [0.9, 0.99], when: { optimizer: ['momentum', 'nesterov'] } },
        l2: { log: [1e-5, 1e-2], points: 7, zero: true },
      },
      exclude: [{ optimizer: 'sgd', l2: 0 }],
      cells: [{ epochs: 20 }],
    }),
  ).toEqual([
    'optimizer  sgd, momentum, nesterov',
    'momentum   0.9, 0.99, where optimizer=momentum|nesterov',
    'l2         0, 1e-5 … 1e-2 (8 values, log)',
    'epochs     10, 20, set by cells',
    'left out: optimizer=sgd l2=0',
    'added: epochs=20',
  ]);
});

it('says what is sampled together', () => {
  const samples = {
    count: 9,
    seed: 3,
    axes: { learningRate: { uniform: [0.1, 1] as [number, number] }, batchNorm: 'boolean' as const },
  };
  const lines = shapeOf({ name: 'x', samples });
  expect(lines[0]).toMatch(/^learningRate {2}0\.\d+ … 0\.\d+ \(9 values, linear\)$/);
  expect(lines.slice(1)).toEqual([
    'batchNorm     true, false',
    'sampled together: 9 points of learningRate, batchNorm (Sobol, seed 3)',
  ]);
});

it('says nothing of a sweep of one cell', () => {
  expect(shapeOf({ name: 'x' })).toEqual([]);
});
