import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { costOf } from './known-costs.ts';
import { eachPart } from './shape-cost.ts';
import { type StepShape, stepShapes } from './step-shapes.ts';

const shapes = stepShapes(planOf({ name: 'x', axes: { batchNorm: [true, false], batchSize: [8, 16, 32, 64] } }));
const shape = (batchNorm: boolean, batchSize: number): StepShape =>
  shapes.find(({ config }) => config.batchNorm === batchNorm && config.batchSize === batchSize)!;
const measured = (of: StepShape, time: number) => ({ shape: of, cost: eachPart(() => time) });

describe('costOf', () => {
  const ends = [measured(shape(true, 16), 20), measured(shape(true, 64), 50)];

  it('is what was measured', () => {
    expect(costOf(shape(true, 64), ends)).toEqual(ends[1]!.cost);
  });

  it('lies on the line between two of its kind', () => {
    expect(costOf(shape(true, 32), ends)).toEqual(eachPart(() => 30));
  });

  it('grows with the size beyond the last one, but for what does not', () => {
    expect(costOf(shape(true, 64), ends.slice(0, 1))).toEqual({
      first: 20,
      setup: 20,
      step: 80,
      evaluate: 80,
      epochEnd: 20,
    });
    expect(costOf(shape(true, 8), ends)).toMatchObject({ step: 10, setup: 20 });
  });

  it('is that of the nearest size where its kind was not measured', () => {
    expect(costOf(shape(false, 32), [ends[0]!, measured(shape(true, 8), 7)])).toMatchObject({ step: 40, setup: 20 });
  });

  it('is not known where nothing was measured', () => {
    expect(costOf(shape(true, 8), [])).toBeUndefined();
  });
});
