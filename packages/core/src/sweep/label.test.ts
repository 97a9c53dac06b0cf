import { expect, it } from 'vitest';
import { cellLabel, formatAxisValue, formatNumber, formatWeights } from './label.ts';
import type { Cell, SweepPlan } from './plan.ts';
import { formatDuration, RemainingTime } from './progress.ts';

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

it('estimates from the pace since it began to watch, not from what was done before', () => {
  const remaining = new RemainingTime();
  expect(remaining.estimate(0.5, 1000)).toBeNull();
  expect(remaining.estimate(0.75, 5000)).toBe(4000);
});

it('estimates nothing from the first steps, which take in loading and compiling', () => {
  const remaining = new RemainingTime();
  for (const now of [0, 1_000]) expect(remaining.estimate(0, now)).toBeNull();
  // 2 of 100 steps after 12.1 s would make 10 minutes; it goes on with 40 ms a step.
  expect(remaining.estimate(0.02, 12_100)).toBeNull();
  expect(remaining.estimate(0.12, 12_500)).toBeNull();
  expect(remaining.estimate(0.97, 15_900)).toBeCloseTo((3_800 / 0.95) * 0.03, 6);
});

it('estimates from all that there was where it is asked for the first time', () => {
  const remaining = new RemainingTime();
  remaining.estimate(0, 0);
  for (const now of [60_000, 120_000]) remaining.look(now);
  expect(remaining.estimate(0.001, 130_000)).toBeCloseTo(130_000 * 999, 3);
});

it.each([
  [8_400, '8 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
