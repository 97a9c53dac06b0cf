import { expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { cellTable } from './cell-table.ts';

const plan = planOf({
  name: 'x',
  config: { optimizer: 'momentum' },
  axes: { batchNorm: 'boolean', l2: [0, 1e-3], learningRate: [0.05, 0.1], momentum: [0.5, 0.9] },
});

it('has a line a cell with its factor of a step, and its id', () => {
  const lines = cellTable(plan, Number.POSITIVE_INFINITY).split('\n');
  expect(lines).toHaveLength(2 + 16);
  expect(lines[0]).toMatch(/^cell +λ \(l2\) +1−2ηλ +model +epochs +id$/);
  expect(lines[6]).toMatch(/^BN · λ=1e-3 · .* 1e-3 +0\.9999 +mobileNetV2 α=1 +10 +[0-9a-f]{16}$/);
});

it('leaves out the id and the model first, where a terminal is narrow', () => {
  const lines = cellTable(plan, 80).split('\n');
  expect(lines[0]).toMatch(/^cell +λ \(l2\) +1−2ηλ +epochs$/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.at(-1)).toBe('… 2 more columns: the same with --wide');
});
