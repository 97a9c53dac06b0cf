import { expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import type { PlanTime, TimedShape } from './plan-time.ts';
import { eachPart } from './shape-cost.ts';
import { stepShapes } from './step-shapes.ts';
import { timeTexts } from './time-text.ts';

const [withNorm, without] = stepShapes(planOf({ name: 'x', axes: { batchNorm: [true, false] } }));
const timed = (batchNorm: boolean, step: number, measured = true): TimedShape => ({
  config: (batchNorm ? withNorm : without)!.config,
  trials: 1,
  measured,
  ...eachPart(() => step),
});
const textOf = (time: Partial<PlanTime>) =>
  timeTexts({
    total: 250_000,
    start: 3_000,
    workers: 2,
    load: 0.2,
    cores: 2,
    isUpperBound: false,
    shapes: [],
    ...time,
  });

it.each([
  [[timed(true, 21.3), timed(false, 14)], '21 ms a step with BN, 14 ms without'],
  [[timed(true, 0.844)], '0.84 ms a step with BN'],
  [[timed(false, 1234)], '1.2 s a step without BN'],
  [[timed(true, 8.24), timed(true, 121.4), timed(false, 999.6)], '8.2 ms to 121 ms a step with BN, 1 s without'],
])('says how long steps took', (shapes, text) => {
  expect(textOf({ shapes })).toEqual([`about 4 min 10 s on 2 workers (measured here: ${text})`]);
});

it('says what makes it less sure', () => {
  const shapes = [timed(true, 20), timed(false, 10, false)];
  expect(textOf({ workers: 1, load: 1, isUpperBound: true, shapes })).toEqual([
    'at most about 4 min 10 s on 1 worker (measured here: 20 ms a step with BN)',
    'less where pruning or patience ends a trial early',
    '1 of 2 kinds of step were measured, the others estimated',
    'other programs keep this machine busy (load 1.0 on 2 cores)',
  ]);
});
