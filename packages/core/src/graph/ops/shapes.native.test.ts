import { afterAll, describe, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { type BuildLayers, expectLikeLayers } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';

type Symbolic = Tfjs.SymbolicTensor;
const apply = (layer: Tfjs.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;
const conv = (filters = 4) => tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same' });

/** Two branches with weights of their own, joined by `layer`. */
const joined =
  (layer: () => Tfjs.layers.Layer): BuildLayers =>
  (x) =>
    apply(layer(), [apply(conv(), x), apply(conv(), x), x]);

describe('operations without weights', () => {
  afterAll(clearGraphCache);

  it.each<[string, BuildLayers]>([
    ['add', joined(() => tf.layers.add())],
    ['multiply', joined(() => tf.layers.multiply())],
    ['concatenate', joined(() => tf.layers.concatenate())],
    ['concatenate along the height', joined(() => tf.layers.concatenate({ axis: 1 }))],
    ['add of a tensor to itself', (x) => apply(tf.layers.add(), [x, x])],
    [
      'zeroPadding2d',
      (x) =>
        apply(
          tf.layers.zeroPadding2d({
            padding: [
              [1, 2],
              [0, 3],
            ],
          }),
          x,
        ),
    ],
    [
      'zeroPadding2d before a convolution',
      (x) =>
        apply(
          tf.layers.conv2d({ filters: 3, kernelSize: 3 }),
          apply(
            tf.layers.zeroPadding2d({
              padding: [
                [2, 1],
                [0, 3],
              ],
            }),
            x,
          ),
        ),
    ],
    [
      'zeroPadding2d before a 1×1 convolution',
      (x) => apply(tf.layers.conv2d({ filters: 3, kernelSize: 1 }), apply(tf.layers.zeroPadding2d({ padding: 1 }), x)),
    ],
    [
      'zeroPadding2d before two readers',
      (x) => {
        const padded = apply(tf.layers.zeroPadding2d({ padding: 1 }), x);
        const pooled = apply(tf.layers.maxPooling2d({ poolSize: 3, strides: 1 }), padded);
        return apply(tf.layers.add(), [apply(tf.layers.conv2d({ filters: 4, kernelSize: 3 }), padded), pooled]);
      },
    ],
    ['flatten', (x) => apply(tf.layers.flatten(), x)],
    ['reshape', (x) => apply(tf.layers.reshape({ targetShape: [3, 12, 4] }), x)],
    ['globalAveragePooling2d', (x) => apply(tf.layers.globalAveragePooling2d({}), x)],
    ['globalMaxPooling2d', (x) => apply(tf.layers.globalMaxPooling2d({}), x)],
    ['maxPooling2d', (x) => apply(tf.layers.maxPooling2d({ poolSize: 2 }), x)],
    [
      'maxPooling2d 3×2 same',
      (x) => apply(tf.layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }), x),
    ],
    ['averagePooling2d', (x) => apply(tf.layers.averagePooling2d({ poolSize: 2 }), x)],
    [
      'averagePooling2d 3×3 same',
      (x) => apply(tf.layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }), x),
    ],
    ['dense on maps', (x) => apply(tf.layers.dense({ units: 2, activation: 'sigmoid' }), x)],
    ['dense without bias', (x) => apply(tf.layers.dense({ units: 2, useBias: false }), x)],
  ])('%s', (_name, build) => expectLikeLayers(build));

  it('globalAveragePooling2d on 1×1 maps', () =>
    expectLikeLayers((x) => apply(tf.layers.globalAveragePooling2d({}), x), { inputShape: [1, 1, 3] }));
});
