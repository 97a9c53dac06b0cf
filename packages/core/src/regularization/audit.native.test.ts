import { describe, expect, it } from 'vitest';
import { mobileNetV2 } from '../models/mobilenet-v2.ts';
import { tf } from '../tensorflow.ts';
import { auditRegularizers, penalty, regularizerProblems } from './audit.ts';

const net = (batchNorm: boolean, l2: number) =>
  mobileNetV2({ inputShape: [32, 32, 3], classes: 10, alpha: 0.35, batchNorm, l2 });

const dense = (args: Partial<Parameters<typeof tf.layers.dense>[0]>) =>
  tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], name: 'head', ...args })] });

describe('auditRegularizers', () => {
  it.each([true, false])('finds λ on all 52 convolutions and the head of MobileNetV2, BatchNorm %s', (batchNorm) => {
    const model = net(batchNorm, 1e-3);
    const rows = auditRegularizers(model);
    const regularized = rows.filter((row) => row.l2 !== 0);
    expect(new Set(regularized.map((row) => row.l2))).toEqual(new Set([1e-3]));
    expect(regularized.filter((row) => row.kind === 'kernel')).toHaveLength(36);
    expect(regularized.filter((row) => row.kind === 'depthwise_kernel')).toHaveLength(17);
    expect(regularized.filter((row) => row.kind === 'bias').map((row) => row.layer)).toEqual(['predictions']);
    expect(regularized).toHaveLength(54);
    expect(rows.every((row) => row.l1 === 0)).toBe(true);
    expect(rows).toHaveLength(model.weights.length);
    model.dispose();
  });

  it('adds up to the penalty that training puts on the loss', () => {
    const model = net(false, 2.5e-4);
    const sum = auditRegularizers(model).reduce(
      (total, { l2, variable }) =>
        total +
        l2 *
          variable
            .read()
            .dataSync<'float32'>()
            .reduce((squares, w) => squares + w * w, 0),
      0,
    );
    expect(penalty(model) / sum).toBeCloseTo(1, 5);
    model.dispose();
  });

  it('tells what a layer was asked for from what it gets', () => {
    const regularizer = tf.regularizers.l2({ l2: 0.1 });
    const args = { kernelSize: 3, inputShape: [8, 8, 2], name: 'depthwise', kernelRegularizer: regularizer } as const;
    const model = tf.sequential({ layers: [tf.layers.depthwiseConv2d({ ...args, inputShape: [8, 8, 2] })] });
    expect(auditRegularizers(model).map(({ kind, l2 }) => [kind, l2])).toEqual([
      ['depthwise_kernel', 0],
      ['bias', 0],
    ]);
    model.dispose();
  });

  it('shows the l1 that tfjs slips into l1l2({ l2 })', () => {
    const model = dense({ kernelRegularizer: tf.regularizers.l1l2({ l2: 1e-3 }) });
    const [kernel] = auditRegularizers(model);
    expect(kernel).toMatchObject({ layer: 'head', kind: 'kernel', shape: [4, 3], l1: 0.01, l2: 1e-3 });
    model.dispose();
  });

  it('counts the penalty of a layer that is used twice twice, as training does', () => {
    const layer = tf.layers.dense({ units: 4, useBias: false, kernelRegularizer: tf.regularizers.l2({ l2: 0.25 }) });
    const input = tf.input({ shape: [4] });
    const once = layer.apply(input);
    const model = tf.model({ inputs: input, outputs: layer.apply(once) as typeof input });
    expect(auditRegularizers(model).map((row) => row.l2)).toEqual([0.5]);
    model.dispose();
  });

  it('refuses a penalty that is no sum of absolute values and squares', () => {
    class Quartic extends (tf.regularizers.l2({ l2: 1 }).constructor as new () => ReturnType<
      typeof tf.regularizers.l2
    >) {
      override getConfig() {
        return {};
      }
      override apply(w: Parameters<ReturnType<typeof tf.regularizers.l2>['apply']>[0]) {
        return tf.sum(tf.pow(w, 4)) as ReturnType<ReturnType<typeof tf.regularizers.l2>['apply']>;
      }
    }
    const model = dense({ kernelRegularizer: new Quartic() });
    expect(() => auditRegularizers(model)).toThrow(/head\/kernel of another form, want l1/);
    model.dispose();
  });

  it('leaves weights readable and no tensor behind', () => {
    const model = net(true, 1e-3);
    const before = tf.memory().numTensors;
    auditRegularizers(model);
    expect(tf.memory().numTensors).toBe(before);
    expect(model.weights.every((weight) => weight.read().size === weight.shape.reduce((a, b) => a! * b!, 1))).toBe(
      true,
    );
    model.dispose();
  });
});

describe('regularizerProblems', () => {
  it('refuses λ > 0 on a model that regularizes nothing', () => {
    const model = dense({});
    expect(regularizerProblems(model, 1e-3)).toMatchObject([{ path: 'l2', got: expect.stringContaining('0.001') }]);
    expect(regularizerProblems(model, 0)).toEqual([]);
    model.dispose();
  });

  it('accepts λ > 0 on a built-in network', () => {
    const model = net(true, 1e-3);
    expect(regularizerProblems(model, 1e-3)).toEqual([]);
    model.dispose();
  });
});
