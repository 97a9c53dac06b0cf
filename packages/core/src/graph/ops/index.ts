import { activation } from './activation.ts';
import { add } from './add.ts';
import { batchNorm } from './batch-norm.ts';
import { biasAdd } from './bias-add.ts';
import { concatenate } from './concatenate.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { dropout } from './dropout.ts';
import { globalAveragePool } from './global-average-pool.ts';
import { multiply } from './multiply.ts';
import type { OpLowering } from './op.ts';
import type { OpAttributes, OpKind } from './op-attributes.ts';
import { pad } from './pad.ts';
import { averagePool, maxPool } from './pool.ts';
import { reshape } from './reshape.ts';

/** The lowering of every primitive operation. */
export const OP_LOWERINGS: { readonly [K in OpKind]: OpLowering<OpAttributes[K]> } = {
  activation,
  add,
  averagePool,
  batchNorm,
  biasAdd,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  globalAveragePool,
  maxPool,
  multiply,
  pad,
  reshape,
};
