import { afterAll, describe, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { type CompareOptions, expectLikeLayers } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';

type Args = Parameters<typeof tf.layers.conv2d>[0];

const cases: [string, Args, CompareOptions?][] = [
  ['3×3', { filters: 3, kernelSize: 3 }],
  ['3×3 same', { filters: 3, kernelSize: 3, padding: 'same' }],
  ['3×3 same, stride 2 on an even map', { filters: 3, kernelSize: 3, strides: 2, padding: 'same' }],
  [
    '3×3 same, stride 2 on an odd map',
    { filters: 3, kernelSize: 3, strides: 2, padding: 'same' },
    { inputShape: [7, 5, 2] },
  ],
  ['5×3, stride 2×1', { filters: 2, kernelSize: [5, 3], strides: [2, 1] }],
  ['1×1', { filters: 5, kernelSize: 1 }],
  ['1×1 without bias', { filters: 5, kernelSize: 1, useBias: false }],
  ['1×1, stride 2', { filters: 5, kernelSize: 1, strides: 2 }],
  ['1×1 on a 1×1 map', { filters: 5, kernelSize: 1 }, { inputShape: [1, 1, 3] }],
  ['with an activation', { filters: 3, kernelSize: 3, activation: 'tanh' }],
];

describe('conv2d', () => {
  afterAll(clearGraphCache);

  it.each(cases)('%s', async (_name, args, options) => {
    await expectLikeLayers((x) => tf.layers.conv2d(args).apply(x) as Tfjs.SymbolicTensor, options);
  });
});
