import { type Tfjs, tf } from '../tensorflow.ts';
import { crossEntropy, oneHot } from './cross-entropy.ts';
import type { Batch } from './train-step.ts';

/** What reaches a network's ends before training: forwards the logits, backwards the kernels. */
export interface InitialSignal {
  /** Mean cross-entropy of the batch in nats; ln K when the logits say nothing. */
  crossEntropy: number;
  /** ‖gradient‖ of the cross-entropy by the kernel's name, such as `Conv1/kernel`. */
  gradientNorms: Map<string, number>;
  /** Neither end is reached, so no learning rate and no λ will train this network. */
  untrainable: boolean;
}

/** Cross-entropy nearer to ln K than this says nothing about the images, in nats. */
const FLAT_LOSS = 1e-3;
/** A kernel whose gradient is below this does not move: with weights of 0.1, float32 rounds the step away. */
const DEAD_GRADIENT = 1e-9;

/**
 * Measures the signal in training mode and leaves the model as it was.
 *
 * MobileNetV2 without BatchNorm, initialized as Keras does it, is untrainable: Glorot's limit of a depthwise kernel counts
 * 9·C inputs where each output has 9, so the signal shrinks about √C-fold a block and is 1e-13 at the logits. What its
 * weights then do under λ is decay, and nothing else.
 */
export function initialSignal(model: Tfjs.LayersModel, batch: Batch): InitialSignal {
  const statistics = model.nonTrainableWeights.map((weight) => ({ weight, before: weight.read().clone() }));
  try {
    return measure(model, batch);
  } finally {
    // A pass in training mode moves the moving statistics.
    for (const { weight, before } of statistics) {
      weight.write(before);
      before.dispose();
    }
  }
}

function measure(model: Tfjs.LayersModel, batch: Batch): InitialSignal {
  let signal: InitialSignal | undefined;
  tf.tidy(() => {
    const [input, output] = [model.inputs[0]!, model.outputs[0]!];
    const images = tf.tensor(batch.images, [batch.count, ...(input.shape.slice(1) as number[])]);
    const labels = oneHot(batch.labels, output.shape.at(-1)!);
    const kernels = model.trainableWeights.filter((weight) => weight.originalName.endsWith('kernel'));
    const { value, grads } = tf.variableGrads(
      () => crossEntropy(labels, model.apply(images, { training: true }) as Tfjs.Tensor) as Tfjs.Scalar,
      kernels.map((weight) => weight.read()) as Tfjs.Variable[],
    );
    const loss = value.dataSync()[0]!;
    const norms = kernels.map(({ name, originalName }): [string, number] => [originalName, norm(grads[name])]);
    const flat = Math.abs(loss - Math.log(output.shape.at(-1)!)) < FLAT_LOSS;
    const dead = norms.every(([, size]) => size < DEAD_GRADIENT);
    signal = { crossEntropy: loss, gradientNorms: new Map(norms), untrainable: flat && dead };
  });
  return signal!;
}

function norm(gradient: Tfjs.Tensor | undefined): number {
  if (gradient === undefined) return 0;
  return Math.sqrt(gradient.dataSync<'float32'>().reduce((sum, value) => sum + value * value, 0));
}
