import type { DataType, Shape } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';

/** Mean over the batch of one loss. */
export type LossConfig =
  /** Softmax cross-entropy of class indices (int32 [batch]) from logits. */
  | { name: 'sparseSoftmaxCrossEntropy'; labelSmoothing?: number }
  /** Softmax cross-entropy of distributions (float32 [batch, classes]) from logits. */
  | { name: 'softmaxCrossEntropy'; labelSmoothing?: number }
  /** Mean squared difference to targets of the output's shape. */
  | { name: 'meanSquaredError' };

export interface LossCall {
  graph: GraphBuilder;
  /** Output of the model; logits for a cross-entropy. */
  output: Ref;
  outputShape: Shape;
  targets: Ref;
}

export interface LoweredLoss {
  /** Scalar: mean over the batch. */
  value: Ref;
  /** ∂value/∂output. */
  gradient: Ref;
  /** Scalar: how many outputs of the batch have their largest value where the target has it; 0 if that means nothing. */
  correct: Ref;
}

export interface LossLowering {
  targets: { type: DataType; shape(outputShape: Shape): Shape };
  lower(call: LossCall): LoweredLoss;
}
