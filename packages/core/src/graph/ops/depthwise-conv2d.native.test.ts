import { afterAll, describe, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { expectLikeLayers } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';

const sizes = [1, 2, 3, 4, 5, 7];
const cases = sizes.flatMap((size) =>
  ([1, 2] as const).flatMap((strides) =>
    (['same', 'valid'] as const)
      .filter((padding) => padding === 'same' || size >= 3)
      .map((padding) => ({ size, strides, padding })),
  ),
);

const apply = (layer: Tfjs.layers.Layer, x: Tfjs.SymbolicTensor) => layer.apply(x) as Tfjs.SymbolicTensor;

describe('depthwiseConv2d', () => {
  afterAll(clearGraphCache);

  // The smallest maps take the elementwise filter gradient, the others TensorFlow's kernel.
  it.each(cases)('3×3 on a $size×$size map, stride $strides, $padding', async ({ size, strides, padding }) => {
    const layer = () => tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding });
    await expectLikeLayers((x) => apply(layer(), x), { inputShape: [size, size, 3] });
  });

  it('on a map that is not square', async () => {
    const layer = () => tf.layers.depthwiseConv2d({ kernelSize: [3, 5], padding: 'same', strides: 2 });
    await expectLikeLayers((x) => apply(layer(), x), { inputShape: [2, 4, 3] });
  });

  it('with several outputs per channel', async () => {
    const layer = () => tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' });
    await expectLikeLayers((x) => apply(layer(), x));
    await expectLikeLayers((x) => apply(layer(), x), { inputShape: [1, 1, 2] });
  });

  it.each(sizes)('behind explicit zeros, as in MobileNetV2, on maps of side %i', async (size) => {
    const before = size % 2;
    const build = (x: Tfjs.SymbolicTensor) => {
      const padded = apply(
        tf.layers.zeroPadding2d({
          padding: [
            [before, 1],
            [before, 1],
          ],
        }),
        x,
      );
      return apply(tf.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'valid', useBias: false }), padded);
    };
    await expectLikeLayers(build, { inputShape: [size, size, 3] });
  });

  it('behind zeros that no named padding has', async () => {
    const build = (x: Tfjs.SymbolicTensor) => {
      const padded = apply(
        tf.layers.zeroPadding2d({
          padding: [
            [2, 0],
            [1, 3],
          ],
        }),
        x,
      );
      return apply(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'valid' }), padded);
    };
    await expectLikeLayers(build, { inputShape: [5, 5, 2] });
    await expectLikeLayers(build, { inputShape: [2, 1, 2] });
  });

  it('as the first half of a separable convolution', async () => {
    const layer = () =>
      tf.layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, activation: 'relu' });
    await expectLikeLayers((x) => apply(layer(), x));
  });
});
