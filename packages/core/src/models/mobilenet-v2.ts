import { describe, InputError } from '../input-error.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { LayerFactory } from './layer-factory.ts';
import { fillModelOptions, type ModelOptions } from './model-options.ts';

type Symbolic = Tfjs.SymbolicTensor;

export interface MobileNetV2Options extends ModelOptions {
  /** Width multiplier of every layer; the last convolution never gets fewer than 1280 channels. @defaultValue 1 */
  alpha?: number;
  /** Global pooling and the linear layer of logits; without them the output is the last feature map. @defaultValue true */
  includeTop?: boolean;
}

/** [expansion, channels, blocks, stride of the first block], Table 2 of Sandler et al. 2018 (arXiv 1801.04381). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 with a linear head. Layers, names, padding and channel counts are those of
 * `keras.applications.MobileNetV2`; the head gives logits, and there is no bias and no dropout. Output [batch, classes].
 *
 * At α = 1 without the head: 2,257,984 parameters, of which 34,112 moving statistics.
 *
 * @throws InputError if an option is out of range.
 */
export function mobileNetV2(options: MobileNetV2Options): Tfjs.LayersModel {
  const { alpha = 1, includeTop = true } = options;
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new InputError({ path: 'alpha', got: describe(alpha), want: 'a number > 0' });
  }
  const filled = fillModelOptions(options);
  const make = new LayerFactory(filled);
  const input = tf.input({ shape: [...filled.inputShape] });

  let x = make.conv(input, 'Conv1', makeDivisible(32 * alpha), 3, filled.stemStride);
  x = make.relu(make.norm(x, 'bn_Conv1'), 'Conv1_relu', 6);

  let block = 0;
  for (const [expansion, channels, repeats, firstStride] of STAGES) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const filters = makeDivisible(Math.trunc(channels * alpha));
      x = invertedResidual(make, x, block++, expansion, filters, repeat === 0 ? firstStride : 1);
    }
  }

  x = make.conv(x, 'Conv_1', alpha > 1 ? makeDivisible(1280 * alpha) : 1280, 1);
  x = make.relu(make.norm(x, 'Conv_1_bn'), 'out_relu', 6);
  return tf.model({ inputs: input, outputs: includeTop ? make.head(x, 'predictions') : x });
}

/** Expand (1×1), filter (3×3 depthwise), project (1×1, no activation); added to its input where the shapes agree. */
function invertedResidual(
  make: LayerFactory,
  input: Symbolic,
  block: number,
  expansion: number,
  filters: number,
  stride: 1 | 2,
): Symbolic {
  const prefix = block === 0 ? 'expanded_conv_' : `block_${block}_`;
  const channels = input.shape[3] as number;
  let x = input;
  if (expansion > 1) {
    x = make.conv(x, `${prefix}expand`, expansion * channels, 1);
    x = make.relu(make.norm(x, `${prefix}expand_BN`), `${prefix}expand_relu`, 6);
  }
  if (stride === 2) {
    x = tf.layers.zeroPadding2d({ name: `${prefix}pad`, padding: stridePadding(x) }).apply(x) as Symbolic;
  }
  x = make.depthwise(x, `${prefix}depthwise`, stride, stride === 2 ? 'valid' : 'same');
  x = make.relu(make.norm(x, `${prefix}depthwise_BN`), `${prefix}depthwise_relu`, 6);
  x = make.conv(x, `${prefix}project`, filters, 1);
  x = make.norm(x, `${prefix}project_BN`);
  if (stride === 1 && channels === filters) {
    return tf.layers.add({ name: `${prefix}add` }).apply([input, x]) as Symbolic;
  }
  return x;
}

/**
 * `((0, 1), (0, 1))` on even maps, as in the article; `((1, 1), (1, 1))` on odd ones, as `correct_pad` of
 * `keras.applications`, for the former would cut the last row and column off, and leave nothing of a 1×1 map.
 */
function stridePadding(x: Symbolic): [[number, number], [number, number]] {
  const along = (size: number | null | undefined): [number, number] => [(size ?? 0) % 2, 1];
  return [along(x.shape[1]), along(x.shape[2])];
}

/** The nearest multiple of 8 that is not below 90 % of `channels`, as `_make_divisible` of `keras.applications`. */
export function makeDivisible(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor(Math.trunc(channels + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * channels ? rounded + divisor : rounded;
}
