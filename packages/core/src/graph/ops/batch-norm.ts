import { type Attributes, bool, float, type Shape, type } from '../native/attributes.ts';
import { output } from '../native/graph-builder.ts';
import { reshape } from '../native/math.ts';
import type { OpLowering } from './op.ts';

export interface BatchNormAttributes {
  epsilon: number;
  /**
   * Which variance the moving average takes in: `biased` (÷ N; Keras 3 and tfjs-layers) or `bessel` (÷ (N − 1); the
   * fused kernel of TensorFlow, hence Keras 2, and PyTorch).
   */
  movingVariance: 'biased' | 'bessel';
}

/**
 * Batch Normalization over the last axis by TensorFlow's fused kernels: one pass forward, one back.
 *
 * Weights `gamma` and `beta` may be missing (`scale` or `center` off): ones and zeros take their place.
 */
export const batchNorm: OpLowering<BatchNormAttributes> = (call) => {
  const { graph, attributes, training, inputs, inputShapes, outputShape } = call;
  const inputShape = inputShapes[0] ?? [];
  const channels = inputShape.at(-1) ?? 0;
  // The kernels take images only; a dense layer's output is one with maps of 1×1.
  const asImage: Shape = inputShape.length === 4 ? inputShape : [null, 1, 1, channels];
  const isImage = asImage === inputShape;
  const x = isImage ? (inputs[0] ?? '') : reshape(graph, inputs[0] ?? '', asImage);

  const gamma = call.optionalWeight('gamma');
  const beta = call.optionalWeight('beta');
  const fill = (value: number) => graph.constant(Array.from({ length: channels }, () => value));
  const scale = gamma?.ref ?? fill(1);
  const offset = beta?.ref ?? fill(0);
  const mean = call.weight('movingMean');
  const variance = call.weight('movingVariance');
  const options: Attributes = {
    T: type('float32'),
    U: type('float32'),
    epsilon: float(attributes.epsilon),
    is_training: bool(training),
  };
  // In training the kernel ignores the two statistics; reading them would cost a copy of each.
  const statistics = training ? [graph.constant([]), graph.constant([])] : [mean.ref, variance.ref];
  const y = graph.add('FusedBatchNormV3', [x, scale, offset, ...statistics], options);
  if (training) {
    mean.observe(output(y, 1));
    // Output 2 is Bessel-corrected; on the CPU the reserve space of the gradient holds the plain variance.
    variance.observe(output(y, attributes.movingVariance === 'bessel' ? 2 : 4));
  }
  return {
    output: isImage ? y : reshape(graph, y, outputShape),
    backward(gradient) {
      const back = graph.add(
        'FusedBatchNormGradV3',
        [isImage ? gradient : reshape(graph, gradient, asImage), x, scale, output(y, 3), output(y, 4), output(y, 5)],
        options,
      );
      if (gamma?.trainable) gamma.addGradient(output(back, 1));
      if (beta?.trainable) beta.addGradient(output(back, 2));
      return [isImage ? back : reshape(graph, back, inputShape)];
    },
  };
};
