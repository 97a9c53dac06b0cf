import type { Tfjs } from '../tensorflow.ts';
import { tf } from '../tensorflow.ts';
import { batchTensors, type GraphBatch, imagesTensor } from './batch-tensors.ts';
import { FETCHES, INPUTS } from './build/training-graph-nodes.ts';
import type { CompiledGraph } from './compiled-graph.ts';
import { acquireGraph, releaseGraph } from './graph-cache.ts';
import type { LossConfig } from './loss/loss.ts';
import { type GraphMetrics, readMetrics, readNorms, type WeightNorms } from './metrics.ts';
import { createTensor, deleteTensors, joinNames } from './native/native-graph.ts';
import { OPTIMIZER_LOWERINGS } from './optimizer/index.ts';
import type { GraphOptimizerConfig } from './optimizer/optimizer.ts';
import { PenaltyInput } from './penalty-input.ts';
import type { PenaltyCoefficients } from './plan/plan-builder.ts';
import { readModel } from './plan/read-model.ts';

export interface TrainingGraphOptions {
  optimizer: GraphOptimizerConfig;
  /** @defaultValue sparse softmax cross-entropy; a softmax at the end of the model is then taken as part of the loss */
  loss?: LossConfig;
  /**
   * Variance that the moving averages of Batch Normalization take in: `biased` as Keras 3 and tfjs-layers, or `bessel`
   * as Keras 2 (fused kernel) and PyTorch. @defaultValue 'biased'
   */
  movingVariance?: 'biased' | 'bessel';
  /** Seed of the dropout masks. @defaultValue 0 */
  seed?: number;
}

/** All that a training run is made of, beside its data: what a checkpoint holds. */
export interface TrainingState {
  /** In the order of `LayersModel.weights`. */
  weights: Float32Array[];
  /** The optimizer's variables by name, each in the order of `LayersModel.weights`; empty arrays for untrained weights. */
  slots: Record<string, Float32Array[]>;
  /** Updates done. */
  step: number;
}

/**
 * A `LayersModel` compiled to one native graph: forward pass, backward pass, penalty and update of a batch are one call
 * into TensorFlow. Weights live in the graph; `syncModel` writes them back.
 */
export class TrainingGraph {
  readonly model: Tfjs.LayersModel;
  private readonly optimizer: GraphOptimizerConfig;
  private readonly seed: number;
  private readonly key: string;
  private compiled: CompiledGraph | undefined;
  private readonly penalty: PenaltyInput;
  private readonly names: { step: string; evaluate: string; predict: string };
  private updates = 0;

  constructor(model: Tfjs.LayersModel, options: TrainingGraphOptions) {
    const loss = options.loss ?? { name: 'sparseSoftmaxCrossEntropy' };
    const { plan, coefficients } = readModel(model, options.movingVariance);
    const shape = { loss, optimizer: options.optimizer };
    this.model = model;
    this.optimizer = options.optimizer;
    this.seed = options.seed ?? 0;
    const { key, graph } = acquireGraph(plan, shape);
    this.key = key;
    this.compiled = graph;
    this.penalty = new PenaltyInput(model, plan, coefficients);
    const random = graph.nodes.usesRandom ? [INPUTS.random] : [];
    this.names = {
      step: joinNames([INPUTS.images, INPUTS.targets, INPUTS.scalars, ...random, ...this.penalty.names]),
      evaluate: joinNames([INPUTS.images, INPUTS.targets, ...this.penalty.names]),
      predict: joinNames([INPUTS.images]),
    };
    this.setWeights(model.weights.map((weight) => weight.read().dataSync() as Float32Array));
    graph.clearSlots();
  }

  /** Updates done so far. */
  get step(): number {
    return this.updates;
  }

  /** One update. */
  train(batch: GraphBatch, settings: { learningRate: number }): GraphMetrics {
    return this.runStep(batch, settings, STEP_FETCH).metrics;
  }

  /** One update, and the norms of every trained weight before it. */
  trainWithNorms(batch: GraphBatch, settings: { learningRate: number }): GraphMetrics & { norms: WeightNorms[] } {
    const { metrics, values } = this.runStep(batch, settings, STEP_AND_NORMS_FETCH);
    return { ...metrics, norms: readNorms(this.graph.nodes.normRows, values[1]) };
  }

  /** Loss in inference mode; changes nothing. */
  evaluate(batch: GraphBatch): GraphMetrics {
    const inputs = batchTensors(this.graph.plan, batch);
    try {
      const [metrics] = this.graph.run([...inputs, ...this.penalty.tensors], this.names.evaluate, EVALUATION_FETCH);
      return readMetrics(metrics);
    } finally {
      deleteTensors(inputs);
    }
  }

  /** Output of the model in inference mode, row-major. */
  predict(images: Float32Array, count: number): Float32Array {
    const input = imagesTensor(this.graph.plan, images, count);
    try {
      return this.graph.run([input], this.names.predict, PREDICTION_FETCH)[0] ?? new Float32Array();
    } finally {
      deleteTensors([input]);
    }
  }

  /** Weights in the order of `LayersModel.weights`. */
  getWeights(): Float32Array[] {
    return this.graph.getWeights();
  }

  setWeights(weights: readonly Float32Array[]): void {
    this.graph.setWeights(weights);
  }

  getState(): TrainingState {
    return { weights: this.graph.getWeights(), slots: this.graph.getSlots(), step: this.updates };
  }

  /** Goes on from there as if it had never stopped, to the bit. */
  setState({ weights, slots, step }: TrainingState): void {
    this.graph.setWeights(weights);
    this.graph.setSlots(slots);
    this.updates = step;
  }

  /** Coefficients of the penalty, in the order of `LayersModel.weights`. */
  getPenalty(): PenaltyCoefficients[] {
    return this.penalty.get();
  }

  /**
   * Sets the coefficients of the penalty without compiling anything anew.
   *
   * @throws InputError if a coefficient is not 0 where the model has no such regularizer.
   */
  setPenalty(coefficients: readonly PenaltyCoefficients[]): void {
    this.penalty.set(coefficients);
  }

  /** Writes the weights into the model. */
  syncModel(): void {
    const tensors = this.getWeights().map((values, index) =>
      tf.tensor(values, this.graph.plan.weights[index]?.shape as number[], 'float32'),
    );
    this.model.setWeights(tensors);
    tf.dispose(tensors);
  }

  /** Gives the graph back for another run of equal shape. */
  dispose(): void {
    if (this.compiled === undefined) return;
    this.penalty.dispose();
    releaseGraph(this.key, this.compiled);
    this.compiled = undefined;
  }

  private get graph(): CompiledGraph {
    if (this.compiled === undefined) throw new Error('the training graph was disposed');
    return this.compiled;
  }

  private runStep(batch: GraphBatch, { learningRate }: { learningRate: number }, fetches: string) {
    const { nodes } = this.graph;
    const inputs = batchTensors(this.graph.plan, batch);
    const scalars = OPTIMIZER_LOWERINGS[this.optimizer.name].scalarValues(this.optimizer, this.updates);
    const clip = this.optimizer.clipNorm === undefined ? [] : [this.optimizer.clipNorm];
    inputs.push(createTensor([nodes.scalars.length], Float32Array.of(learningRate, ...scalars, ...clip)));
    if (nodes.usesRandom) inputs.push(createTensor([2], Int32Array.of(this.seed, this.updates)));
    try {
      const values = this.graph.run([...inputs, ...this.penalty.tensors], this.names.step, fetches);
      this.updates++;
      return { metrics: readMetrics(values[0]), values };
    } finally {
      deleteTensors(inputs);
    }
  }
}

const STEP_FETCH = joinNames([FETCHES.step]);
const STEP_AND_NORMS_FETCH = joinNames([FETCHES.step, FETCHES.norms]);
const EVALUATION_FETCH = joinNames([FETCHES.evaluation]);
const PREDICTION_FETCH = joinNames([FETCHES.prediction]);

/**
 * Compiles a built model, its regularizers, a loss and an optimizer to one native graph.
 *
 * @throws InputError naming the layer, its class and what could stand there, if something cannot be compiled.
 */
export const compileTrainingGraph = (model: Tfjs.LayersModel, options: TrainingGraphOptions): TrainingGraph =>
  new TrainingGraph(model, options);
