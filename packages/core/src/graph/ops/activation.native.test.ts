import { afterAll, describe, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { expectLikeLayers } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';

const apply = (layer: Tfjs.layers.Layer, x: Tfjs.SymbolicTensor) => layer.apply(x) as Tfjs.SymbolicTensor;
type Name = NonNullable<Parameters<typeof tf.layers.activation>[0]['activation']>;

const NAMES = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'logSoftmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];

describe('activation', () => {
  afterAll(clearGraphCache);

  it.each(NAMES)('%s', async (name) => {
    await expectLikeLayers((x) => apply(tf.layers.activation({ activation: name as Name }), x));
  });

  it.each<[string, () => Tfjs.layers.Layer]>([
    ['ReLU', () => tf.layers.reLU()],
    ['ReLU up to 6', () => tf.layers.reLU({ maxValue: 6 })],
    ['ReLU up to 1', () => tf.layers.reLU({ maxValue: 1 })],
    ['LeakyReLU', () => tf.layers.leakyReLU({ alpha: 0.1 })],
    ['ELU', () => tf.layers.elu()],
    ['Softmax', () => tf.layers.softmax({ axis: -1 })],
  ])('layer %s', async (_name, make) => {
    // Three times as large, so that the bounds are met on both sides.
    const spread = () => tf.layers.conv2d({ filters: 4, kernelSize: 3 });
    await expectLikeLayers((x) => apply(make(), apply(spread(), x)));
  });
});
