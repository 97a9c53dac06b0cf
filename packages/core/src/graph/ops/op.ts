import type { Shape } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';

/** A weight as one operation sees it. */
export interface WeightUse {
  /** Its current value, in its model's shape. Read once per run, before any update. */
  readonly ref: Ref;
  readonly shape: readonly number[];
  /** Whether `addGradient` is wanted. */
  readonly trainable: boolean;
  /** Adds ∂loss/∂weight, in the shape of the weight. A shared weight gets one call per use. */
  addGradient(gradient: Ref): void;
  /** For a moving statistic: the value of this batch, to be blended in after the step. */
  observe(batchValue: Ref): void;
}

/** What an operation is lowered from. */
export interface OpCall<A> {
  readonly graph: GraphBuilder;
  readonly attributes: A;
  readonly inputs: readonly Ref[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** False in the evaluation part of the graph: moving statistics, no dropout, no `backward` call. */
  readonly training: boolean;
  /** int32 [2]: seed and step, inputs of the graph. */
  readonly random: Ref;
  weight(role: string): WeightUse;
  /** The weight of that role, if the layer has one. */
  optionalWeight(role: string): WeightUse | undefined;
}

export interface Lowered {
  output: Ref;
  /**
   * Adds the gradients of the weights and gives those of the inputs.
   *
   * @param gradient ∂loss/∂output.
   * @param wanted Per input: whether anything before it needs its gradient.
   * @returns Per input the gradient; what stands for an unwanted one is ignored.
   */
  backward(gradient: Ref, wanted: readonly boolean[]): readonly (Ref | undefined)[];
}

/** Adds the nodes of one operation. */
export type OpLowering<A> = (call: OpCall<A>) => Lowered;
