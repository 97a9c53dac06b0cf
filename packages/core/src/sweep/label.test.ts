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
  expect(remaining.estimate(0.75, 2000)).toBe(1000);
});

it('estimates nothing from the first steps, which take in loading and compiling', () => {
  const remaining = new RemainingTime();
  for (const now of [0, 4_000, 8_000, 12_000]) expect(remaining.estimate(0, now)).toBeNull();
  // 4 of 4000 steps after 12.1 s would make 3 hours; it goes on with 10 ms a step.
  expect(remaining.estimate(0.001, 12_100)).toBeNull();
  expect(remaining.estimate(0.005, 12_260)).toBeNull();
  expect(remaining.estimate(0.021, 12_500)).toBeCloseTo((400 / 0.02) * 0.979, 6);
});

it('estimates from some seconds of a long sweep, and at once where it is asked for the first time', () => {
  const slow = new RemainingTime();
  for (const [fraction, now] of [
    [0, 0],
    [1e-5, 1_000],
    [2e-5, 3_500],
  ] as const) {
    expect(slow.estimate(fraction, now)).toBeNull();
  }
  expect(slow.estimate(6e-5, 6_000)).toBeCloseTo((5_000 / 5e-5) * (1 - 6e-5), 3);
  const asked = new RemainingTime();
  asked.estimate(0, 0);
  for (const now of [60_000, 120_000]) asked.look(now);
  expect(asked.estimate(0.001, 130_000)).toBeCloseTo(130_000 * 999, 3);
});

it.each([
  [8_400, '8 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
