import { afterAll, describe, expect, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { expectLikeLayers, minus, norm, numbers, numericGradient, smallNet } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';
import { compileTrainingGraph } from '../training-graph.ts';

type Args = Parameters<typeof tf.layers.batchNormalization>[0];
const normalize =
  (args: Args = {}) =>
  (x: Tfjs.SymbolicTensor) =>
    tf.layers.batchNormalization(args).apply(x) as Tfjs.SymbolicTensor;

describe('batchNorm', () => {
  afterAll(clearGraphCache);

  it.each<[string, Args]>([
    ['with its defaults', {}],
    ['with another momentum and ε', { momentum: 0.7, epsilon: 1e-5 }],
  ])('%s, on maps', (_name, args) => expectLikeLayers(normalize(args)));

  it('on the output of a dense layer', () => expectLikeLayers(normalize({ momentum: 0.5 }), { inputShape: [4] }));

  it('on 1×1 maps', () => expectLikeLayers(normalize(), { inputShape: [1, 1, 3], count: 8 }));

  // tfjs-layers throws when it trains these.
  it.each<[string, Args]>([
    ['without scale', { scale: false }],
    ['without center', { center: false }],
    ['without either', { scale: false, center: false }],
  ])('%s', (_name, args) => {
    const { numeric, analytic } = numericGradient(normalize(args), 0);
    // Central differences of a float32 loss with steps of 0.01: about three digits.
    expect(norm(minus(numeric, analytic))).toBeLessThanOrEqual(5e-3 * norm(analytic));
    expect(norm(analytic)).toBeGreaterThan(0.01);
  });

  it.each([
    ['biased', 1],
    ['bessel', 20 / 19],
  ] as const)('moves towards the %s variance', (movingVariance, factor) => {
    const model = smallNet(normalize({ momentum: 0 }), [2, 2, 3]);
    const graph = compileTrainingGraph(model, { optimizer: { name: 'sgd', momentum: 0 }, movingVariance });
    const images = numbers(5 * 12);
    graph.train({ images, targets: new Int32Array(5), count: 5 }, { learningRate: 0 });
    const maps = tf.model({ inputs: model.inputs, outputs: (model.layers[1] as Tfjs.layers.Layer).output });
    const activations = maps.predict(tf.tensor(images, [5, 2, 2, 3])) as Tfjs.Tensor;
    const variance = tf.moments(activations, [0, 1, 2]).variance.mul(factor).dataSync();
    const moved = graph.getWeights().at(-1) as Float32Array;
    moved.forEach((value, channel) => {
      expect(value).toBeCloseTo(variance[channel] ?? Number.NaN, 5);
    });
    graph.dispose();
  });
});
