import { describe, expect, it } from 'vitest';
import { smallConvNet } from '../models/small-conv-net.ts';
import { penalty } from '../regularization/audit.ts';
import { OPTIMIZERS } from '../sweep/trial-config.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { formulaBatch } from './fixtures/formula.ts';
import { createLayersTrainStep } from './layers-train-step.ts';
import type { OptimizerConfig } from './train-step.ts';
import { weightsHash } from './weights.ts';

const SHAPE = [16, 16, 1] as const;
const batch = (step: number, count = 8) => formulaBatch(step, count, SHAPE, 4);
const net = (l2: number, batchNorm = true) => smallConvNet({ inputShape: SHAPE, classes: 4, l2, batchNorm });
const config = (name: OptimizerConfig['name']): OptimizerConfig => ({ name, momentum: 0.9 });

async function train(model: Tfjs.LayersModel, name: OptimizerConfig['name'], rates: number[]) {
  const step = createLayersTrainStep(model, { optimizer: config(name) });
  const metrics = [];
  for (const [i, learningRate] of rates.entries()) metrics.push(await step.step(batch(i), { learningRate }));
  step.dispose();
  return metrics;
}

describe('the layers engine', () => {
  it('gives the metrics of the weights before the update', async () => {
    const model = net(1e-2);
    const step = createLayersTrainStep(model, { optimizer: config('sgd') });
    const before = penalty(model);
    const metrics = await step.step(batch(0), { learningRate: 0.1 });
    expect(metrics.penalty).toBeCloseTo(before, 6);
    expect(penalty(model)).toBeLessThan(before);
    step.dispose();
    model.dispose();
  });

  it('splits what tfjs reports as one loss into cross-entropy and penalty', async () => {
    const [model, stock] = [net(1e-2), net(1e-2)];
    stock.compile({
      optimizer: tf.train.sgd(0.1),
      loss: (y: Tfjs.Tensor, p: Tfjs.Tensor) => tf.losses.softmaxCrossEntropy(y, p),
    });
    const { images, labels } = batch(0);
    const x = tf.tensor(images, [8, ...SHAPE]);
    const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 4).toFloat();
    const total = (await stock.trainOnBatch(x, y)) as number;
    const [metrics] = await train(model, 'sgd', [0.1]);
    expect(metrics!.crossEntropy + metrics!.penalty).toBeCloseTo(total, 6);
    expect(weightsHash(model)).toBe(weightsHash(stock));
    tf.dispose([x, y]);
    for (const each of [model, stock]) each.dispose();
  });

  it('evaluates with moving statistics, adds up over batches of any size, and changes nothing', async () => {
    const model = net(1e-2);
    await train(model, 'sgd', [0.1, 0.1]);
    const step = createLayersTrainStep(model, { optimizer: config('sgd') });
    const before = weightsHash(model);
    const whole = await step.evaluate(batch(5));
    const { images, labels } = batch(5);
    const part = (from: number, to: number) => ({
      images: images.slice(from * 256, to * 256),
      labels: labels.slice(from, to),
      count: to - from,
    });
    const parts = [await step.evaluate(part(0, 5)), await step.evaluate(part(5, 8))];
    expect(parts[0]!.crossEntropy * 5 + parts[1]!.crossEntropy * 3).toBeCloseTo(whole.crossEntropy * 8, 4);
    expect(parts[0]!.correct + parts[1]!.correct).toBe(whole.correct);
    expect(whole.penalty).toBe(penalty(model));
    expect(weightsHash(model)).toBe(before);
    step.dispose();
    model.dispose();
  });

  it.each(OPTIMIZERS)('makes no tensor more in a hundred steps of %s than in one, and frees all', async (name) => {
    const before = tf.memory().numTensors;
    const model = net(1e-3, false);
    const step = createLayersTrainStep(model, { optimizer: config(name) });
    await step.step(batch(0, 2), { learningRate: 0.01 });
    const inUse = tf.memory().numTensors;
    for (let i = 1; i < 100; i++) await step.step(batch(i, 2), { learningRate: 0.01 });
    await step.evaluate(batch(0, 2));
    expect(tf.memory().numTensors).toBe(inUse);
    step.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains a sequential model with its penalty', async () => {
    const kernelRegularizer = tf.regularizers.l2({ l2: 0.1 });
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [...SHAPE] }),
        tf.layers.dense({ units: 4, kernelRegularizer, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
      ],
    });
    const metrics = await train(model, 'sgd', [0.01, 0.01]);
    expect(metrics[0]!.penalty).toBeGreaterThan(0.1);
    expect(metrics[1]!.penalty).toBeLessThan(metrics[0]!.penalty);
    model.dispose();
  });
});

describe('optimizers of the layers engine', () => {
  const trained = async (name: OptimizerConfig['name'], rates: number[], l2 = 0) => {
    const model = net(l2);
    await train(model, name, rates);
    const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    model.dispose();
    return weights;
  };
  const stock = async (optimizer: Tfjs.MomentumOptimizer, steps: number) => {
    const model = net(0);
    model.compile({ optimizer, loss: (y: Tfjs.Tensor, p: Tfjs.Tensor) => tf.losses.softmaxCrossEntropy(y, p) });
    for (let i = 0; i < steps; i++) {
      const { images, labels } = batch(i);
      await model.trainOnBatch(tf.tensor(images, [8, ...SHAPE]), tf.oneHot(tf.tensor1d(labels, 'int32'), 4).toFloat());
    }
    const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    model.dispose();
    return weights;
  };
  const distance = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

  it.each([false, true])("agrees with tfjs' own momentum at a constant rate, Nesterov %s", async (nesterov) => {
    const ours = await trained(nesterov ? 'nesterov' : 'momentum', Array(5).fill(0.02));
    expect(distance(ours, await stock(tf.train.momentum(0.02, 0.9, nesterov), 5))).toBeLessThan(1e-6);
  });

  it('decouples λ: what the loss sees does not change, what is left of a weight does', async () => {
    const rate = 0.02;
    const [plain, decayed] = [await trained('sgdw', [rate], 0), await trained('sgdw', [rate], 0.5)];
    const initial = net(0);
    const start = initial.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    const kernels = initial.trainableWeights.flatMap(({ originalName, shape }) =>
      Array<boolean>(shape.reduce<number>((a, b) => a * b!, 1)).fill(/kernel|bias/.test(originalName)),
    );
    initial.dispose();
    kernels.forEach((decays, i) => {
      // Decayed by 2ηc before the same step.
      const expected = plain[i]! - (decays ? 2 * rate * 0.5 * start[i]! : 0);
      expect(Math.abs(decayed[i]! - expected)).toBeLessThan(1e-7);
    });
  });

  it('keeps an l1 penalty in the loss of a decoupled optimizer', async () => {
    const regularizer = (l1: number) => (l1 === 0 ? {} : { kernelRegularizer: tf.regularizers.l1({ l1 }) });
    const weights = async (l1: number) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
      const model = tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [...SHAPE] }),
          tf.layers.dense({ units: 4, useBias: false, kernelInitializer, ...regularizer(l1) }),
        ],
      });
      await train(model, 'sgdw', [0.01]);
      const [kernel] = model.getWeights();
      const values = Array.from(kernel!.dataSync());
      model.dispose();
      return values;
    };
    const [plain, penalized] = [await weights(0), await weights(0.1)];
    // One step of η = 0.01 moves each weight 0.001 towards zero.
    const moved = plain.map((value, i) => (value - penalized[i]!) * Math.sign(value)).sort((a, b) => a - b);
    expect(moved[Math.floor(moved.length / 2)]).toBeCloseTo(1e-3, 6);
  });
});

it('refuses a model that ends in a softmax: the loss takes logits', () => {
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [2, 2, 1] }), tf.layers.dense({ units: 2, activation: 'softmax' })],
  });
  expect(() => createLayersTrainStep(model, { optimizer: { name: 'sgd', momentum: 0 } })).toThrow(
    /got a softmax at the end of the model, want logits/,
  );
  model.dispose();
});
