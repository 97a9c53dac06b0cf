import { hashSeed, Random } from '../data/random.ts';
import { type Tfjs, tf } from '../tensorflow.ts';

type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

// tfjs-layers accepts an initializer object only if it descends from its own base class, which it does not export.
const StockGlorotUniform = tf.initializers.glorotUniform({ seed: 1 }).constructor as new (args: {
  seed: number;
}) => Initializer;

/**
 * The stock class but for where the numbers come from: it draws one value at a time through `seedrandom`, ten times
 * slower for the 2.2 million of MobileNetV2. A saved model still names the initializer that Keras and tfjs know.
 */
class SeededGlorotUniform extends StockGlorotUniform {
  private readonly layerSeed: number;

  constructor(seed: number) {
    super({ seed });
    this.layerSeed = seed;
  }

  override apply(shape: number[]): Tfjs.Tensor {
    const limit = glorotLimit(shape);
    const random = new Random(this.layerSeed);
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.unit() - 1);
    return tf.tensor(values, shape, 'float32');
  }
}

/**
 * √(6 / (fanIn + fanOut)) of a kernel [...window, in, out], with Keras' fans: the window times each of the last two
 * dimensions. For a depthwise kernel [3, 3, C, 1] fanIn is 9C, although each output sees 9 inputs only. Without BatchNorm
 * this is what leaves MobileNetV2 untrainable from the start: the signal shrinks by about √C per block.
 */
export function glorotLimit(shape: readonly number[]): number {
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return Math.sqrt(6 / (window * (shape.at(-2) ?? 1) + window * (shape.at(-1) ?? 1)));
}

/**
 * Glorot's uniform initializer (`keras.initializers.GlorotUniform`): U(−r, r), r = `glorotLimit`. The weights depend on
 * the seed and the layer's name alone, not on what other layers the network has.
 */
export const glorotUniform = (seed: number, layer: string): Initializer =>
  new SeededGlorotUniform(hashSeed(seed, 'initial weights', layer));
