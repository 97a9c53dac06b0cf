import { describe, expect, it } from 'vitest';
import { mobileNetV2 } from '../models/mobilenet-v2.ts';
import type { EngineName } from '../sweep/trial-config.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { decayAfter } from '../theory/decay.ts';
import { createTrainStep } from './engines.ts';
import { formulaBatch } from './fixtures/formula.ts';
import { initialSignal } from './initial-signal.ts';
import { weightsHash } from './weights.ts';

const net = (options: { alpha: number; batchNorm: boolean; l2?: number }) =>
  mobileNetV2({ inputShape: [32, 32, 3], classes: 10, seed: 3, ...options });
const batch = (count: number) => formulaBatch(0, count, [32, 32, 3], 10);
const convolutions = (model: Tfjs.LayersModel) =>
  model.weights
    .filter(({ originalName }) => originalName.endsWith('kernel') && !originalName.startsWith('predictions'))
    .map((weight) => weight.read().dataSync<'float32'>().slice());

const SGD = { name: 'sgd', momentum: 0 } as const;
const ARTICLE = { learningRate: 0.1, l2: 1e-3 };

describe("the article's network without BatchNorm", () => {
  it('is untrainable at initialization: loss ln 10, no gradient at any kernel', () => {
    const model = net({ alpha: 1, batchNorm: false });
    const { crossEntropy, gradientNorms, untrainable } = initialSignal(model, batch(8));
    expect(Math.abs(crossEntropy - Math.log(10))).toBeLessThan(1e-3);
    expect(Math.max(...gradientNorms.values())).toBeLessThan(1e-9);
    expect(gradientNorms.size).toBe(53);
    expect(untrainable).toBe(true);
    model.dispose();
  });

  // Few steps of the slow engine; the other does the few hundred.
  it.each<[EngineName, number]>([
    ['layers', 25],
    ['graph', 400],
  ])('decays by (1 − 2ηc)^t and nothing else, engine %s, %i steps', async (engine, steps) => {
    const { learningRate, l2 } = ARTICLE;
    const model = net({ alpha: 0.35, batchNorm: false, l2 });
    const before = convolutions(model);
    const step = await createTrainStep(engine, model, { optimizer: SGD });
    for (let i = 0; i < steps; i++) await step.step(batch(2), { learningRate });
    step.syncModel();
    const factor = decayAfter(learningRate, l2, steps);
    convolutions(model).forEach((kernel, k) => {
      // A step rounds each weight by up to 6e-8 of itself, to either side.
      const worst = kernel.reduce((max, w, i) => Math.max(max, Math.abs(w / before[k]![i]! / factor - 1)), 0);
      expect(worst, `kernel ${k}`).toBeLessThan(6e-8 * steps);
      expect(norm(kernel) / norm(before[k]!) / factor).toBeCloseTo(1, 5);
    });
    step.dispose();
    model.dispose();
  });

  it('without λ keeps its convolutions: λ is not what stops it', async () => {
    const model = net({ alpha: 1, batchNorm: false });
    const before = convolutions(model);
    const step = await createTrainStep('graph', model, { optimizer: SGD });
    for (let i = 0; i < 20; i++) await step.step(batch(2), { learningRate: 0.1 });
    step.syncModel();
    convolutions(model).forEach((kernel, k) => {
      const moved = kernel.reduce((max, w, i) => Math.max(max, Math.abs(w - before[k]![i]!)), 0);
      expect(moved, `kernel ${k}`).toBeLessThan(1e-9);
    });
    step.dispose();
    model.dispose();
  });
});

describe('initialSignal', () => {
  it('finds the network with BatchNorm trainable and leaves it as it was', () => {
    const model = net({ alpha: 0.35, batchNorm: true });
    const before = { hash: weightsHash(model), tensors: tf.memory().numTensors };
    const { gradientNorms, untrainable } = initialSignal(model, batch(8));
    expect(untrainable).toBe(false);
    expect(Math.min(...gradientNorms.values())).toBeGreaterThan(1e-4);
    expect({ hash: weightsHash(model), tensors: tf.memory().numTensors }).toEqual(before);
    model.dispose();
  });
});

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
