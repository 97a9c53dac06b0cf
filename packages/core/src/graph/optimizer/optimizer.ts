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
  /** Scalar 2ηc of decoupled decay: w ← w − decay·w before the update; none means 0. */
  decay: Ref | undefined;
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
   * Where Σ c·w² enters. `gradient`: as 2c·w in the gradient. `decay`: as w ← w − 2ηc·w apart from the gradient, the
   * decoupled decay of `sgdw` and `adamw` (`weight_decay` = 2c in Keras).
   */
  penaltyEnters: 'decay' | 'gradient';
  /** Adds the update and gives the node that completes it. */
  apply(call: UpdateCall): Ref;
}
