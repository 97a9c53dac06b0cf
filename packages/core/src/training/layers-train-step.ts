import type { TrainingState } from '../graph/index.ts';
import { InputError } from '../input-error.ts';
import { type AuditRow, auditRegularizers, penalty } from '../regularization/audit.ts';
import { innerModel } from '../regularization/inner-model.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { isDecoupled } from '../theory/penalty-step.ts';
import { correct, crossEntropy, oneHot } from './cross-entropy.ts';
import { createOptimizer, type SteppedOptimizer, type VariableShape } from './optimizers.ts';
import type { Batch, BatchMetrics, OptimizerConfig, StepSettings, TrainStep } from './train-step.ts';

/**
 * Trains by `LayersModel.trainOnBatch` as tfjs ships it. Slow, and the oracle for the graph engine.
 *
 * The loss is the mean softmax cross-entropy of the logits plus the model's penalties. With `sgdw` and `adamw` the terms
 * c·Σw² leave the loss (l1 stays); instead each of their weights decays by the factor 1 − 2ηc per step, and the reported
 * penalty still holds them. Compiles the model anew; what it was compiled for before is lost.
 */
export function createLayersTrainStep(model: Tfjs.LayersModel, options: { optimizer: OptimizerConfig }): TrainStep {
  return new LayersTrainStep(model, options.optimizer);
}

/** The loss takes logits; through a softmax of the model's own it would learn something else, without a word. */
function refuseSoftmax(model: Tfjs.LayersModel): void {
  const last = model.layers.at(-1);
  const activation = last?.getConfig().activation;
  if (activation !== 'softmax' && last?.getClassName() !== 'Softmax') return;
  throw new InputError({
    path: last?.name ?? 'model',
    got: 'a softmax at the end of the model',
    want: 'logits (a linear last layer), or engine: graph, which takes the softmax off',
  });
}

class LayersTrainStep implements TrainStep {
  readonly engine = 'layers';
  readonly model: Tfjs.LayersModel;
  private readonly inner: Tfjs.LayersModel;
  private readonly optimizer: SteppedOptimizer;
  /** With decoupled decay, what is left of the penalty in the loss. */
  private readonly coupledLosses: (() => Tfjs.Scalar[]) | undefined;
  private readonly imageShape: number[];
  private readonly classes: number;

  constructor(model: Tfjs.LayersModel, config: OptimizerConfig) {
    this.model = model;
    this.inner = innerModel(model);
    refuseSoftmax(this.inner);
    const penalized = isDecoupled(config.name)
      ? auditRegularizers(model).filter((row) => row.l1 > 0 || row.l2 > 0)
      : [];
    this.optimizer = createOptimizer(config, new Map(penalized.map(({ variable, l2 }) => [variable.name, 2 * l2])));
    this.coupledLosses = isDecoupled(config.name) ? () => l1Losses(penalized) : undefined;
    this.imageShape = this.inner.inputs[0]!.shape.slice(1) as number[];
    this.classes = this.inner.outputs[0]!.shape.at(-1)!;
    // Metrics are taken in the same pass as the loss, before the update.
    const regularization = () => sum(this.penalties());
    this.inner.compile({
      optimizer: this.optimizer,
      loss: crossEntropy,
      metrics: [crossEntropy, regularization, correct],
    });
  }

  async step(batch: Batch, { learningRate }: StepSettings): Promise<BatchMetrics> {
    this.optimizer.setLearningRate(learningRate);
    const [images, labels] = this.tensors(batch);
    try {
      const values = await this.trainOnBatch(images, labels);
      return { crossEntropy: values[1]!, penalty: values[2]!, correct: values[3]!, count: batch.count };
    } finally {
      tf.dispose([images, labels]);
    }
  }

  evaluate(batch: Batch): BatchMetrics {
    return {
      ...tf.tidy(() => {
        const [images, labels] = this.tensors(batch);
        const logits = this.inner.predictOnBatch(images) as Tfjs.Tensor;
        return {
          crossEntropy: crossEntropy(labels, logits).dataSync()[0]!,
          correct: correct(labels, logits).dataSync()[0]!,
        };
      }),
      penalty: penalty(this.model),
      count: batch.count,
    };
  }

  getState(): TrainingState {
    const weights = this.model.weights.map((weight) => weight.read().dataSync() as Float32Array);
    return { weights, slots: this.optimizer.getSlots(this.variables()), step: this.optimizer.iterations };
  }

  setState({ weights, slots, step }: TrainingState): void {
    const tensors = this.model.weights.map(({ shape }, index) => tf.tensor(weights[index]!, shape as number[]));
    this.model.setWeights(tensors);
    tf.dispose(tensors);
    this.optimizer.setSlots(this.variables(), slots, step);
  }

  private variables(): VariableShape[] {
    return this.model.weights.map((weight) => {
      const { name, shape } = weight.read() as Tfjs.Variable;
      return { name, shape };
    });
  }

  /** Nothing to do: `trainOnBatch` works on the model's own weights. */
  syncModel(): void {}

  dispose(): void {
    this.optimizer.dispose();
  }

  private async trainOnBatch(images: Tfjs.Tensor, labels: Tfjs.Tensor): Promise<number[]> {
    if (this.coupledLosses === undefined) return (await this.inner.trainOnBatch(images, labels)) as number[];
    // Taking 2cw off the gradient again would leave rounding errors, which Adam blows up to full steps where g is 0.
    this.inner.calculateLosses = this.coupledLosses;
    try {
      return (await this.inner.trainOnBatch(images, labels)) as number[];
    } finally {
      Reflect.deleteProperty(this.inner, 'calculateLosses');
    }
  }

  private penalties(): Tfjs.Tensor[] {
    return tf.LayersModel.prototype.calculateLosses.call(this.inner);
  }

  private tensors({ images, labels, count }: Batch): [Tfjs.Tensor, Tfjs.Tensor] {
    return [tf.tensor(images, [count, ...this.imageShape]), oneHot(labels, this.classes)];
  }
}

const sum = (terms: Tfjs.Tensor[]): Tfjs.Tensor => (terms.length === 0 ? tf.scalar(0) : tf.addN(terms));

const l1Losses = (rows: readonly AuditRow[]): Tfjs.Scalar[] =>
  rows.filter(({ l1 }) => l1 > 0).map(({ l1, variable }) => variable.read().abs().sum().mul(l1));
