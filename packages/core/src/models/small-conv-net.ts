import { type Tfjs, tf } from '../tensorflow.ts';
import { LayerFactory } from './layer-factory.ts';
import { fillModelOptions, type ModelOptions } from './model-options.ts';

const CHANNELS = [16, 32, 48];

/**
 * Three 3×3 convolutions of 16, 32 and 48 channels, each with BatchNorm and ReLU; global pooling; logits [batch, classes].
 * Stride 2 each; `stemStride` sets the first one's. Quick enough to show the laws of λ in seconds: every kernel but the
 * head's is scale-invariant under BatchNorm, and without it the network still learns.
 *
 * @throws InputError if an option is out of range.
 */
export function smallConvNet(options: ModelOptions): Tfjs.LayersModel {
  const filled = fillModelOptions(options);
  const make = new LayerFactory(filled);
  const input = tf.input({ shape: [...filled.inputShape] });
  let x = input;
  CHANNELS.forEach((filters, i) => {
    x = make.conv(x, `conv_${i + 1}`, filters, 3, i === 0 ? filled.stemStride : 2);
    x = make.relu(make.norm(x, `bn_${i + 1}`), `relu_${i + 1}`);
  });
  return tf.model({ inputs: input, outputs: make.head(x, 'predictions') });
}
