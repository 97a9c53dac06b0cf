/**
 * A small residual network with pooling and Dropout, as an ordinary tfjs model. Exported as l2bn wants a model of your
 * own, so that a sweep file can name it too: `model: ../examples/residual-net/model.mjs`.
 *
 * @param {import('@l2bn/core').UserModelOptions} options
 */
export function buildModel({ tf, inputShape, classes, seed, batchNorm, batchNormMomentum, batchNormEpsilon, l2 }) {
  // One for each layer that draws numbers, in order; never 0, which tfjs takes for none.
  let drawn = 1000 * seed;
  const nextSeed = () => ++drawn;
  const kernelRegularizer = l2 > 0 ? tf.regularizers.l2({ l2 }) : undefined;
  const conv = (x, filters, strides = 1) => {
    const y = tf.layers
      .conv2d({
        filters,
        kernelSize: 3,
        strides,
        padding: 'same',
        useBias: !batchNorm,
        kernelInitializer: tf.initializers.heNormal({ seed: nextSeed() }),
        kernelRegularizer,
      })
      .apply(x);
    if (!batchNorm) return y;
    return tf.layers.batchNormalization({ momentum: batchNormMomentum, epsilon: batchNormEpsilon }).apply(y);
  };
  const relu = (x) => tf.layers.reLU().apply(x);
  const block = (x, filters) => relu(tf.layers.add().apply([x, conv(relu(conv(x, filters)), filters)]));

  const input = tf.input({ shape: inputShape });
  let x = relu(conv(input, 16));
  x = block(x, 16);
  x = tf.layers.maxPooling2d({ poolSize: 2 }).apply(x);
  x = relu(conv(x, 32));
  x = block(x, 32);
  x = tf.layers.globalAveragePooling2d({}).apply(x);
  x = tf.layers.dropout({ rate: 0.25, seed: nextSeed() }).apply(x);
  const kernelInitializer = tf.initializers.glorotUniform({ seed: nextSeed() });
  const logits = tf.layers.dense({ units: classes, kernelInitializer, kernelRegularizer }).apply(x);
  return tf.model({ inputs: input, outputs: logits });
}
