import type { Shape } from '../native/attributes.ts';
import type { OpAttributes, OpKind } from '../ops/op-attributes.ts';

/** Index of a tensor of the plan. Tensor 0 is the input. */
export type TensorIndex = number;

/** One primitive operation: a layer becomes one or more of them. */
export type PlanOp = {
  [K in OpKind]: {
    kind: K;
    attributes: OpAttributes[K];
    inputs: TensorIndex[];
    output: TensorIndex;
    /** Role → index into `ModelPlan.weights`. */
    weights: Record<string, number>;
  };
}[OpKind];

export interface PlanWeight {
  shape: readonly number[];
  /** Updated by the gradient. Frozen weights and moving statistics are not. */
  trainable: boolean;
  /** Which terms of a penalty stand on it; the coefficients are inputs of the graph. */
  penalty: { l1: boolean; l2: boolean };
  /** Set on moving statistics: how much of the old value one step keeps. */
  momentum?: number;
}

/**
 * All that decides the graph of a model and nothing else: no names, no values, no coefficients. Two models with equal
 * plans share one compiled graph.
 */
export interface ModelPlan {
  /** Shapes by tensor index, the batch (first dimension) `null`. */
  tensors: Shape[];
  ops: PlanOp[];
  /** In the order of `LayersModel.weights`. */
  weights: PlanWeight[];
  output: TensorIndex;
}
