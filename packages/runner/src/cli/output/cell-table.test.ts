import { expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { cellTable } from './cell-table.ts';

const plan = planOf({
  name: 'x',
  config: { optimizer: 'momentum' },
  axes: { batchNorm: 'boolean', l2: [0, 1e-3], learningRate: [0.05, 0.1], momentum: [0.5, 0.9] },
});

const whole = (of: typeof plan) => cellTable(of, Number.POSITIVE_INFINITY).split('\n');

it('has a line a cell with its factor of a step, and its id', () => {
  const lines = whole(planOf({ name: 'x', axes: { batchNorm: 'boolean', l2: [0, 1e-3], learningRate: [0.05, 0.1] } }));
  expect(lines).toHaveLength(2 + 8);
  expect(lines[4]).toMatch(/^BN · λ=1e-3 · learningRate=0\.05 +1e-3 +0\.9999 +mobileNetV2 α=1 +10 +[0-9a-f]{16}$/);
});

it.each([
  [{ optimizer: 'momentum' }, '–'],
  [{ optimizer: 'adam' }, '–'],
  [{ optimizer: 'momentum', momentum: 0 }, '0.9998'],
  [{ optimizer: 'adamw' }, '0.9998'],
] as const)('has no factor where the penalty does not make one of it: %o', (config, factor) => {
  const lines = whole(planOf({ name: 'x', config, axes: { l2: [0, 1e-3] } }));
  expect(lines.slice(2).map((line) => line.split(/ {2,}/)[2])).toEqual(['1', factor]);
});

it('names the columns', () => {
  const lines = whole(plan);
  expect(lines).toHaveLength(2 + 16);
  expect(lines[0]).toMatch(/^cell +λ \(l2\) +1−2ηλ +model +epochs +id$/);
});

it('leaves out the id and the model first, where a terminal is narrow', () => {
  const lines = cellTable(plan, 80).split('\n');
  expect(lines[0]).toMatch(/^cell +λ \(l2\) +1−2ηλ +epochs$/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.at(-1)).toBe('… 2 more columns: the same with --wide');
});
