import { describe, expect, it } from 'vitest';
import type { ModelPlan, PlanWeight } from '../plan/model-plan.ts';
import { layOut } from './storage.ts';

const NONE = { l1: false, l2: false };
const weight = (shape: number[], rest: Partial<PlanWeight> = {}): PlanWeight => ({
  shape,
  trainable: true,
  penalty: NONE,
  ...rest,
});
const statistic = (size: number, momentum: number) => weight([size], { trainable: false, momentum });

const plan = (weights: PlanWeight[], uses: number[] = weights.map((_, index) => index)): ModelPlan => ({
  tensors: [
    [null, 4],
    [null, 4],
  ],
  ops: [
    { kind: 'batchNorm', attributes: { epsilon: 1, movingVariance: 'biased' }, inputs: [0], output: 1, weights: {} },
    ...uses.map((index) => ({
      kind: 'biasAdd' as const,
      attributes: {},
      inputs: [0],
      output: 1,
      weights: { bias: index },
    })),
  ],
  weights,
  output: 1,
});

const summary = (given: ModelPlan) =>
  layOut(given).map(({ role, length, members }) => [
    role,
    length,
    members.map((member) => [member.weight, member.offset]),
  ]);

describe('layOut', () => {
  it('packs small vectors end to end, by what is done with them', () => {
    const weights = [weight([3, 4]), weight([4]), weight([5]), statistic(4, 0.9), statistic(5, 0.9), statistic(4, 0.5)];
    expect(summary(plan(weights))).toEqual([
      ['trained', 12, [[0, 0]]],
      [
        'trained',
        9,
        [
          [1, 0],
          [2, 4],
        ],
      ],
      [
        'statistics',
        9,
        [
          [3, 0],
          [4, 4],
        ],
      ],
      ['statistics', 4, [[5, 0]]],
    ]);
  });

  it('keeps apart what has a penalty, is frozen, or is used twice', () => {
    const weights = [
      weight([4]),
      weight([4], { penalty: { l1: false, l2: true } }),
      weight([4], { trainable: false }),
      weight([4]),
      weight([4]),
    ];
    expect(summary(plan(weights, [0, 1, 2, 3, 3, 4]))).toEqual([
      [
        'trained',
        8,
        [
          [0, 0],
          [4, 4],
        ],
      ],
      ['trained', 4, [[1, 0]]],
      ['frozen', 4, [[2, 0]]],
      ['trained', 4, [[3, 0]]],
    ]);
  });
});
