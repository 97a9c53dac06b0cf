import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../input-error.ts';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { expectLikeLayers, smallNet } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';
import { readModel } from './read-model.ts';

type Symbolic = Tfjs.SymbolicTensor;
const apply = (layer: Tfjs.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;

describe('readModel', () => {
  afterAll(clearGraphCache);

  it('follows a layer that is used twice', () =>
    expectLikeLayers((x) => {
      const shared = tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' });
      return apply(tf.layers.add(), [apply(shared, x), apply(shared, apply(shared, x))]);
    }));

  it('blends the statistics of a normalization that is used twice in turn', () =>
    expectLikeLayers((x) => {
      const shared = tf.layers.batchNormalization({ momentum: 0.6 });
      return apply(shared, apply(tf.layers.conv2d({ filters: 4, kernelSize: 1 }), apply(shared, x)));
    }));

  it('takes models as layers', () =>
    expectLikeLayers((x) => {
      const inner = tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [6, 6, 4], filters: 3, kernelSize: 3, activation: 'relu' }),
          tf.layers.batchNormalization(),
        ],
      });
      return apply(inner, x);
    }));

  it('leaves frozen layers as they are', () =>
    expectLikeLayers((x) =>
      apply(
        tf.layers.batchNormalization({ trainable: false }),
        apply(tf.layers.conv2d({ filters: 3, kernelSize: 3, trainable: false }), x),
      ),
    ));

  it('gives models that differ only in names and coefficients the same plan', () => {
    const net = (l2: number) =>
      smallNet((x) =>
        apply(tf.layers.conv2d({ filters: 3, kernelSize: 3, kernelRegularizer: tf.regularizers.l2({ l2 }) }), x),
      );
    expect(readModel(net(0.1)).plan).toEqual(readModel(net(0.2)).plan);
    expect(readModel(net(0.1)).plan).not.toEqual(readModel(net(0)).plan);
    expect(readModel(net(0.1)).coefficients).toContainEqual({ l1: 0, l2: 0.1 });
  });

  it.each<[string, () => Tfjs.layers.Layer, RegExp]>([
    [
      'an unknown class',
      () => tf.layers.upSampling2d({ name: 'up' }),
      /layer up: got class UpSampling2D.*want one of .*Conv2D.*ZeroPadding2D/,
    ],
    [
      'dilation',
      () => tf.layers.conv2d({ name: 'c', filters: 2, kernelSize: 3, dilationRate: 2 }),
      /layer c \(Conv2D\): got dilationRate 2×2/,
    ],
    [
      'channels first',
      () => tf.layers.maxPooling2d({ name: 'p', dataFormat: 'channelsFirst' }),
      /layer p \(MaxPooling2D\).*channelsLast/,
    ],
    [
      'a normalized axis other than the last',
      () => tf.layers.batchNormalization({ name: 'b', axis: 1 }),
      /layer b \(BatchNormalization\): got axis 1/,
    ],
    [
      'a constraint',
      () => tf.layers.conv2d({ name: 'k', filters: 2, kernelSize: 1, kernelConstraint: tf.constraints.nonNeg() }),
      /layer k \(Conv2D\): got a kernelConstraint/,
    ],
    [
      'dropout of whole maps',
      () => tf.layers.dropout({ name: 'd', rate: 0.5, noiseShape: [5, 1, 1, 4] }),
      /layer d \(Dropout\): got a noiseShape/,
    ],
  ])('refuses %s by name', (_name, make, message) => {
    const model = smallNet((x) => apply(make(), x));
    expect(() => readModel(model)).toThrow(InputError);
    expect(() => readModel(model)).toThrow(message);
  });

  it('refuses several outputs', () => {
    const input = tf.input({ shape: [4] });
    const outputs = [1, 2].map((units) => apply(tf.layers.dense({ units }), input));
    expect(() => readModel(tf.model({ inputs: input, outputs }))).toThrow(/1 inputs and 2 outputs/);
  });
});
