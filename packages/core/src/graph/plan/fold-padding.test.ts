import { describe, expect, it } from 'vitest';
import { NO_PADDING, type Padding } from '../ops/padding.ts';
import { foldPadding } from './fold-padding.ts';
import type { ModelPlan, PlanOp } from './model-plan.ts';

const pad = (padding: Padding): PlanOp => ({
  kind: 'pad',
  attributes: { padding },
  inputs: [0],
  output: 1,
  weights: {},
});
const convolution = (padding: Padding, output = 2): PlanOp => ({
  kind: 'conv2d',
  attributes: { size: [8, 8], kernel: [3, 3], strides: [2, 2], padding },
  inputs: [1],
  output,
  weights: { kernel: 0 },
});
const depthwise: PlanOp = {
  kind: 'depthwiseConv2d',
  attributes: { size: [8, 8], outputSize: [3, 3], kernel: [3, 3], strides: [2, 2], padding: NO_PADDING, multiplier: 1 },
  inputs: [1],
  output: 2,
  weights: { kernel: 0 },
};
const plan = (ops: PlanOp[], output = 2): ModelPlan => ({
  tensors: [
    [null, 6, 6, 3],
    [null, 8, 8, 3],
    [null, 3, 3, 4],
    [null, 3, 3, 4],
  ],
  ops,
  weights: [],
  output,
});

describe('foldPadding', () => {
  it('lets the convolution pad its own input', () => {
    const { ops } = foldPadding(plan([pad([1, 1, 2, 0]), convolution(NO_PADDING)]));
    expect(ops).toHaveLength(1);
    expect(ops[0]).toMatchObject({ inputs: [0], attributes: { padding: [1, 1, 2, 0], size: [6, 6] } });
  });

  it('keeps the zeros where something else reads them, or the convolution pads already', () => {
    const twice = plan([pad([0, 1, 0, 1]), convolution(NO_PADDING), convolution([0, 1, 0, 1], 3)], 3);
    expect(foldPadding(twice).ops.map(({ inputs }) => inputs)).toEqual([[0], [0], [1]]);
  });

  it('folds into a depthwise convolution only what has a name', () => {
    expect(foldPadding(plan([pad([0, 1, 0, 1]), depthwise])).ops).toHaveLength(1);
    expect(foldPadding(plan([pad([1, 1, 1, 1]), depthwise])).ops).toHaveLength(2);
  });
});
