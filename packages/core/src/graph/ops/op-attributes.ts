import type { ActivationAttributes } from './activation.ts';
import type { BatchNormAttributes } from './batch-norm.ts';
import type { ConcatenateAttributes } from './concatenate.ts';
import type { Conv2dAttributes } from './conv2d.ts';
import type { DepthwiseAttributes } from './depthwise-conv2d.ts';
import type { DropoutAttributes } from './dropout.ts';
import type { PadAttributes } from './pad.ts';
import type { PoolAttributes } from './pool.ts';

type None = Record<string, never>;

/** The primitive operations and what each takes beside tensors and weights. Plain JSON: it is part of the plan's key. */
export interface OpAttributes {
  activation: ActivationAttributes;
  add: None;
  averagePool: PoolAttributes;
  batchNorm: BatchNormAttributes;
  biasAdd: None;
  concatenate: ConcatenateAttributes;
  conv2d: Conv2dAttributes;
  dense: None;
  depthwiseConv2d: DepthwiseAttributes;
  dropout: DropoutAttributes;
  globalAveragePool: None;
  maxPool: PoolAttributes;
  multiply: None;
  pad: PadAttributes;
  reshape: None;
}

export type OpKind = keyof OpAttributes;
