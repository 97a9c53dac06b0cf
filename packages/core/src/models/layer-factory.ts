import { type Tfjs, tf } from '../tensorflow.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { glorotUniform } from './glorot-uniform.ts';
import type { FilledModelOptions } from './model-options.ts';

type Symbolic = Tfjs.SymbolicTensor;
type Stride = 1 | 2;

/** Makes the layers of one network, all by the same options. */
export class LayerFactory {
  private readonly options: FilledModelOptions;

  constructor(options: FilledModelOptions) {
    this.options = options;
  }

  /** Convolution without bias, Glorot-uniform; `same` padding. */
  conv(x: Symbolic, name: string, filters: number, kernelSize: number, strides: Stride = 1): Symbolic {
    return tf.layers
      .conv2d({
        name,
        filters,
        kernelSize,
        strides,
        padding: 'same',
        useBias: false,
        // tfjs' own default is a normal whose truncation nobody corrects: 0.88 of Keras' standard deviation.
        kernelInitializer: glorotUniform(this.options.seed, name),
        ...this.regularized('kernelRegularizer'),
      })
      .apply(x) as Symbolic;
  }

  /** 3×3 depthwise convolution without bias, Glorot-uniform. */
  depthwise(x: Symbolic, name: string, strides: Stride, padding: 'same' | 'valid'): Symbolic {
    return depthwiseConv2d({
      name,
      kernelSize: 3,
      strides,
      padding,
      useBias: false,
      depthwiseInitializer: glorotUniform(this.options.seed, name),
      // Not kernelRegularizer, which a depthwise layer takes without a word and never applies.
      ...this.regularized('depthwiseRegularizer'),
    }).apply(x) as Symbolic;
  }

  /** Batch Normalization, or `x` itself where the options leave it out. */
  norm(x: Symbolic, name: string): Symbolic {
    const { batchNorm, batchNormMomentum, batchNormEpsilon } = this.options;
    if (!batchNorm) return x;
    return tf.layers
      .batchNormalization({ name, momentum: batchNormMomentum, epsilon: batchNormEpsilon })
      .apply(x) as Symbolic;
  }

  relu(x: Symbolic, name: string, maxValue?: number): Symbolic {
    return tf.layers.reLU(maxValue === undefined ? { name } : { name, maxValue }).apply(x) as Symbolic;
  }

  /** Global average pooling and a linear layer: the logits. Kernel and bias are both regularized. */
  head(x: Symbolic, name: string): Symbolic {
    const pooled = tf.layers
      .globalAveragePooling2d({ name: 'global_average_pooling2d', dataFormat: 'channelsLast' })
      .apply(x) as Symbolic;
    return tf.layers
      .dense({
        name,
        units: this.options.classes,
        kernelInitializer: glorotUniform(this.options.seed, name),
        ...this.regularized('kernelRegularizer', 'biasRegularizer'),
      })
      .apply(pooled) as Symbolic;
  }

  /** `l2` alone: tfjs' `l1l2({l2})` adds an l1 of 0.01, and the string 'l2' is refused. */
  private regularized<K extends string>(...keys: K[]): Partial<Record<K, ReturnType<typeof tf.regularizers.l2>>> {
    const { l2 } = this.options;
    const entries = l2 > 0 ? keys.map((key) => [key, tf.regularizers.l2({ l2 })] as const) : [];
    return Object.fromEntries(entries) as Partial<Record<K, ReturnType<typeof tf.regularizers.l2>>>;
  }
}
