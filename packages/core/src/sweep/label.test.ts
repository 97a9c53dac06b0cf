import { expect, it } from 'vitest';
import { cellLabel, formatAxisValue, formatNumber, formatPruning, formatWeights } from './label.ts';
import type { Cell, SweepPlan } from './plan.ts';

it.each([
  [0, '0'],
  [1e-5, '1e-5'],
  [0.00032, '3.2e-4'],
  [0.35, '0.35'],
  [1, '1'],
  [12345.678, '12350'],
  [1e6, '1e6'],
  [-0.001, '-1e-3'],
])('writes %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  ['batchNorm', true, 'BN'],
  ['batchNorm', false, 'no BN'],
  ['l2', 0, 'λ=0'],
  ['l2', 0.01, 'λ=1e-2'],
  ['l2', 0.5, 'λ=0.5'],
  ['alpha', 0.05, 'alpha=0.05'],
  ['optimizer', 'adam', 'optimizer=adam'],
])('says %s %s as %s', (key, value, text) => {
  expect(formatAxisValue(key, value)).toBe(text);
});

it('names a cell by the axes that it has, and by the sweep where it has none', () => {
  const axes = [
    { key: 'optimizer', scale: 'list', values: ['sgd', 'momentum'] },
    { key: 'momentum', scale: 'list', values: [0.9, 0.99] },
  ];
  const plan = { name: 'x', axes } as unknown as SweepPlan;
  const label = (values: Cell['values']) => cellLabel(plan, { values } as Cell);
  expect(label({ optimizer: 'momentum', momentum: 0.9 })).toBe('optimizer=momentum · momentum=0.9');
  expect(label({ optimizer: 'sgd' })).toBe('optimizer=sgd');
  expect(label({})).toBe('x');
});

it('prints weights as the article does', () => {
  expect(formatWeights({ layer: 'Conv1', values: [0.13498078, -0.12406565, null] })).toBe(
    'Conv1 [ 0.13498078 -0.12406565         nan]',
  );
});

it('says why a trial was pruned with the digits that tell its two numbers apart', () => {
  const rule = { rule: 'median', metric: 'crossEntropy', peers: 5 } as const;
  expect(formatPruning({ ...rule, value: 2.3, threshold: 0.4 })).toBe(
    'validation cross-entropy 2.3, at most 0.4 wanted (median of 5 in its arm)',
  );
  expect(formatPruning({ ...rule, value: 2.10331, threshold: 2.10327 })).toContain(
    'cross-entropy 2.10331, at most 2.10327 wanted',
  );
});
