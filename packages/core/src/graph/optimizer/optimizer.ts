import type { OptimizerConfig } from '../../training/train-step.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';

/** What `OptimizerConfig` leaves to the optimizers' own defaults. */
export interface GraphOptimizerConfig extends OptimizerConfig {
  /** Decay of Adam's first moment. @defaultValue 0.9 */
  beta1?: number;
  /** Decay of Adam's second moment. @defaultValue 0.999 */
  beta2?: number;
  /** Added to the root of Adam's second moment. @defaultValue 1e-7 */
  epsilon?: number;
  /** Scales all gradients together so that their common norm stays at or below this (`global_clipnorm` of Keras). */
  clipNorm?: number;
}

/** One variable to be updated. */
export interface UpdateCall {
  graph: GraphBuilder;
  /** Handle of the variable. */
  variable: Ref;
  /** Its value before the update. */
  value: Ref;
  gradient: Ref;
  learningRate: Ref;
  /** One of the optimizer's scalars. */
  scalar(name: string): Ref;
  /** Handle of one of the variable's slots. */
  slot(name: string): Ref;
  /** Scalar that the weight is multiplied by beside the update: w ← shrink·w − …; none means 1. */
  shrink: Ref | undefined;
  /** Readers of the value: an update in place before one of them has run would have to copy the variable first. */
  readers: readonly Ref[];
}

export interface OptimizerLowering {
  /** Variables kept per weight, all starting at 0. */
  slots: readonly string[];
  /** Names of the scalars fed at every step, beside the learning rate. */
  scalars: readonly string[];
  /** Their values. @param step Number of updates before this one. */
  scalarValues(config: GraphOptimizerConfig, step: number): number[];
  /**
   * Where Σ c·w² enters. `shrink`: as the factor 1 − 2ηc on the weight, apart from the gradient; for plain SGD that is
   * the same thing done cheaper, for `sgdw` and `adamw` it is decoupled decay (`weight_decay` = 2c in Keras).
   * `gradient`: as 2c·w in the gradient.
   */
  penaltyEnters: 'shrink' | 'gradient';
  /** Adds the update and gives the node that completes it. */
  apply(call: UpdateCall): Ref;
}
