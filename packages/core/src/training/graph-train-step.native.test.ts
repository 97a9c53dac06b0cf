import { afterAll, describe, expect, it } from 'vitest';
import { clearGraphCache } from '../graph/index.ts';
import { mobileNetV2 } from '../models/mobilenet-v2.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { createGraphTrainStep } from './graph-train-step.ts';
import { createLayersTrainStep } from './layers-train-step.ts';
import type { Batch } from './train-step.ts';

type Artifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0];

const COUNT = 8;
const SETTINGS = { learningRate: 0.01 };
/** Small steps keep apart for a few steps what fifty normalizations over eight images blow up; see below. */
const GENTLE = { learningRate: 1e-4 };
const SGD = { optimizer: { name: 'sgd', momentum: 0 } } as const;

const batchOf = (step: number): Batch => ({
  images: Float32Array.from({ length: COUNT * 32 * 32 * 3 }, (_, i) => Math.sin((i + 1) * (i + 1 + step))),
  labels: Int32Array.from({ length: COUNT }, (_, i) => (i * 3 + step) % 10),
  count: COUNT,
});

const build = (batchNorm: boolean, l2: number): Tfjs.LayersModel =>
  mobileNetV2({ inputShape: [32, 32, 3], classes: 10, alpha: 0.35, batchNorm, l2, seed: 1 });

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const difference = (a: Float32Array, b: Float32Array) => a.map((value, index) => value - (b[index] ?? Number.NaN));
const weightsOf = (model: Tfjs.LayersModel) => model.getWeights().map((weight) => weight.dataSync() as Float32Array);

/** Every weight off by a relative 1e-6 up or down. */
function disturb(model: Tfjs.LayersModel): Tfjs.LayersModel {
  const weights = model.getWeights().map((weight) => {
    const values = weight.dataSync<'float32'>().map((value, i) => value * (1 + 1e-6 * Math.sign(Math.sin(i * i + 1))));
    return tf.tensor(values, weight.shape);
  });
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

const arms = [
  { batchNorm: true, l2: 0 },
  { batchNorm: true, l2: 1e-3 },
  { batchNorm: false, l2: 0 },
  { batchNorm: false, l2: 1e-3 },
];

describe('MobileNetV2 in both engines', () => {
  afterAll(clearGraphCache);

  it('gives a trained model that ordinary tfjs saves, loads and predicts with', async () => {
    const graph = createGraphTrainStep(build(true, 1e-3), SGD);
    for (let step = 0; step < 3; step++) graph.step(batchOf(step), SETTINGS);
    graph.syncModel();
    let saved: Artifacts | undefined;
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    });
    await graph.model.save(handler);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as Artifacts));
    const { images } = batchOf(7);
    const expected = (loaded.predict(tf.tensor(images, [COUNT, 32, 32, 3])) as Tfjs.Tensor).dataSync<'float32'>();
    expect(norm(difference(graph.graph.predict(images, COUNT), expected))).toBeLessThanOrEqual(1e-5 * norm(expected));

    const again = createGraphTrainStep(loaded, SGD);
    again.setState({ ...graph.getState(), slots: {} });
    expect(again.step(batchOf(8), SETTINGS)).toEqual(graph.step(batchOf(8), SETTINGS));
    for (const one of [graph, again]) one.dispose();
  });

  it.each(arms)('evaluates alike and takes the same first step: %o', async ({ batchNorm, l2 }) => {
    const graph = createGraphTrainStep(build(batchNorm, l2), SGD);
    const layers = createLayersTrainStep(build(batchNorm, l2), SGD);
    const before = weightsOf(layers.model);
    const batch = batchOf(0);
    // The logits of the untrained network are sums of a thousand float32 terms: 1e-5 is a hundred roundings.
    const evaluated = [graph.evaluate(batch), await layers.evaluate(batch)] as const;
    expect(evaluated[0].crossEntropy).toBeCloseTo(evaluated[1].crossEntropy, 5);
    expect(evaluated[0].penalty).toBeCloseTo(evaluated[1].penalty, 5);
    expect(evaluated[0].correct).toBe(evaluated[1].correct);

    const stepped = [graph.step(batch, SETTINGS), await layers.step(batch, SETTINGS)] as const;
    expect(stepped[0].crossEntropy).toBeCloseTo(stepped[1].crossEntropy, 4);
    expect(stepped[0].penalty).toBeCloseTo(stepped[1].penalty, 5);
    expect(stepped[0].correct).toBe(stepped[1].correct);

    graph.syncModel();
    const ours = weightsOf(graph.model);
    const theirs = weightsOf(layers.model);
    const steps = theirs.map((weight, index) => norm(difference(weight, before[index] as Float32Array)));
    const largest = Math.max(...steps);
    ours.forEach((weight, index) => {
      const error = norm(difference(weight, theirs[index] as Float32Array));
      // Fifty normalizations of eight 1×1 maps amplify a rounding of the first layer about a thousandfold: layers
      // against layers with every weight off by 1e-7 differs by 1e-4. What normalization makes 0 (the shift before
      // another normalization) is all rounding, so the largest step bounds it.
      const allowed = (batchNorm ? 1e-3 : 1e-5) * (steps[index] ?? 0) + 1e-7 * norm(weight) + 1e-5 * largest;
      expect(error, graph.model.weights[index]?.name ?? '').toBeLessThanOrEqual(allowed);
    });
    graph.dispose();
    layers.dispose();
  });

  it.each(arms.slice(0, 2))(
    'parts no faster than rounding does where all is normalized: %o',
    async ({ batchNorm, l2 }) => {
      const graph = createGraphTrainStep(build(batchNorm, l2), SGD);
      const layers = createLayersTrainStep(build(batchNorm, l2), SGD);
      const disturbed = createLayersTrainStep(disturb(build(batchNorm, l2)), SGD);
      let apart = 0;
      let expected = 0;
      for (let step = 0; step < 3; step++) {
        const ours = graph.step(batchOf(step), GENTLE);
        const theirs = await layers.step(batchOf(step), GENTLE);
        const others = await disturbed.step(batchOf(step), GENTLE);
        apart = Math.max(apart, Math.abs(ours.crossEntropy - theirs.crossEntropy));
        expected = Math.max(expected, Math.abs(others.crossEntropy - theirs.crossEntropy));
        // Errors grow about tenfold a step here, in any implementation; sums of thousands of float32 terms, taken in
        // another order, are a disturbance of 1e-6.
        expect(apart, `step ${step}`).toBeLessThan(10 * expected + 2e-5);
      }
      expect(expected).toBeLessThan(0.2);
      for (const one of [graph, layers, disturbed]) one.dispose();
    },
  );

  it.each(arms.slice(2))('stays together over 10 steps where nothing is normalized: %o', async ({ batchNorm, l2 }) => {
    const graph = createGraphTrainStep(build(batchNorm, l2), SGD);
    const layers = createLayersTrainStep(build(batchNorm, l2), SGD);
    for (let step = 0; step < 10; step++) {
      const ours = graph.step(batchOf(step), SETTINGS);
      const theirs = await layers.step(batchOf(step), SETTINGS);
      expect(Math.abs(ours.crossEntropy - theirs.crossEntropy)).toBeLessThan(2e-6);
    }
    graph.syncModel();
    const theirs = weightsOf(layers.model);
    weightsOf(graph.model).forEach((weight, index) => {
      const other = theirs[index] as Float32Array;
      expect(norm(difference(weight, other))).toBeLessThanOrEqual(1e-6 * norm(other) + 1e-7);
    });
    graph.dispose();
    layers.dispose();
  });
});
