import type * as tf from '@tensorflow/tfjs-node';
import type { TrainingState } from '../graph/index.ts';
import type { EngineName, OptimizerName } from '../sweep/trial-config.ts';

/** One batch as plain arrays; the engines copy it into their own tensors. */
export interface Batch {
  /** Normalised pixels, row-major [count, height, width, channels]. Reused by the next batch: copy to keep. */
  images: Float32Array;
  /** Class indices [count]. */
  labels: Int32Array;
  count: number;
}

/** What may change from step to step without building anything anew. */
export interface StepSettings {
  learningRate: number;
}

/** What a batch came to: loss and penalty as training sees them, right answers as a count, so that batches can be pooled by `count`. */
export interface BatchMetrics {
  /** Mean cross-entropy over the batch, in nats. */
  crossEntropy: number;
  /** Penalty Σ c·w² at the weights the batch was run with. */
  penalty: number;
  /** Images whose largest logit is the label's: a count, not a share. */
  correct: number;
  /** Images of the batch: the weight of its means in those of an epoch. */
  count: number;
}

/**
 * What trains: forward, backward, penalty and update of one batch. Two implementations, `layers` (tfjs-layers as it
 * comes, the oracle) and `graph` (one native graph), give the same numbers up to float32 rounding.
 *
 * A `TrainStep` is made from a built `LayersModel`, whose weights it starts from and whose regularizers it takes. During
 * training the engine may keep weights of its own; `syncModel` writes them back into the model.
 */
export interface TrainStep {
  readonly engine: EngineName;
  readonly model: tf.LayersModel;
  /** Runs one batch and updates the weights. The metrics are those before the update. */
  step(batch: Batch, settings: StepSettings): Promise<BatchMetrics> | BatchMetrics;
  /** Runs one batch in inference mode (moving statistics, no dropout) and changes nothing. */
  evaluate(batch: Batch): Promise<BatchMetrics> | BatchMetrics;
  getState(): TrainingState;
  /** Goes on from there as if it had never stopped, to the bit. Of an engine of the same kind, model and optimizer. */
  setState(state: TrainingState): void;
  /** Brings the weights of `model` up to date. */
  syncModel(): void;
  /** Frees what the engine made (not the model). */
  dispose(): void;
}

/** How a `TrainStep` updates the weights; each to the formula of its Keras namesake. */
export interface OptimizerConfig {
  name: OptimizerName;
  /** For momentum, nesterov and sgdw. */
  momentum: number;
}
