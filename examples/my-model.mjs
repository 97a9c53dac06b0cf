/**
 * A network of one's own for a sweep: three stages of two 3×3 convolutions, as in VGG, each with Batch Normalization or
 * without. `examples/my-model.yaml` names it; docs/model-module.md says what l2bn wants of such a module.
 *
 * @param {import('@l2bn/core').UserModelOptions} options
 */
export function buildModel(options) {
  // The `tf` that is given: tensors of another copy of TensorFlow.js would be none of l2bn's.
  const { tf, inputShape, classes, seed, batchNorm, batchNormMomentum, batchNormEpsilon, l2, alpha } = options;
  const kernelRegularizer = l2 > 0 ? tf.regularizers.l2({ l2 }) : undefined;

  // Numbered by kernels alone, so that a seed gives both arms the same ones. Never 0, which tfjs takes for no seed.
  let kernels = 0;
  const initializer = () => tf.initializers.heNormal({ seed: 1000 * seed + ++kernels });

  const conv = (x, filters, name) => {
    const y = tf.layers
      .conv2d({
        name,
        filters,
        kernelSize: 3,
        padding: 'same',
        // What a bias adds, Batch Normalization takes off again, and adds its own β.
        useBias: !batchNorm,
        kernelInitializer: initializer(),
        kernelRegularizer,
      })
      .apply(x);
    const z = batchNorm
      ? tf.layers
          .batchNormalization({ name: `${name}_bn`, momentum: batchNormMomentum, epsilon: batchNormEpsilon })
          .apply(y)
      : y;
    return tf.layers.reLU({ name: `${name}_relu` }).apply(z);
  };

  const input = tf.input({ shape: inputShape });
  let x = input;
  [16, 32, 64].forEach((channels, stage) => {
    const filters = Math.max(1, Math.round(alpha * channels));
    if (stage > 0) x = tf.layers.maxPooling2d({ name: `pool_${stage}`, poolSize: 2 }).apply(x);
    x = conv(x, filters, `conv_${stage + 1}a`);
    x = conv(x, filters, `conv_${stage + 1}b`);
  });
  x = tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(x);
  // Logits: l2bn's loss has the softmax in it.
  const logits = tf.layers
    .dense({ name: 'logits', units: classes, kernelInitializer: initializer(), kernelRegularizer })
    .apply(x);
  return tf.model({ inputs: input, outputs: logits });
}
