import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { penalty } from '../regularization/audit.ts';
import { tf } from '../tensorflow.ts';
import keras from './fixtures/mobilenet-v2-shapes.json' with { type: 'json' };
import { glorotLimit } from './glorot-uniform.ts';
import { makeDivisible, mobileNetV2 } from './mobilenet-v2.ts';

const article = { inputShape: [32, 32, 3], classes: 10 } as const;
const kernels = (model: ReturnType<typeof mobileNetV2>) =>
  model.weights.filter((weight) => weight.originalName.endsWith('kernel'));
const named = (model: ReturnType<typeof mobileNetV2>) =>
  new Map(model.weights.map((weight) => [weight.originalName, Array.from(weight.read().dataSync())]));

describe('mobileNetV2', () => {
  it.each(keras.cases)('has the layers of keras.applications at $imageSize pixels, α = $alpha', (expected) => {
    const { imageSize, alpha, params, layers } = expected;
    const model = mobileNetV2({ inputShape: [imageSize, imageSize, 3], classes: 10, alpha, includeTop: false });
    const found = model.layers.slice(1).map((layer) => ({
      name: layer.name,
      shape: (layer.outputShape as number[]).slice(1),
      params: layer.countParams(),
      frozen: layer.nonTrainableWeights.reduce((sum, weight) => sum + weight.read().size, 0),
    }));
    expect(found).toEqual(layers);
    expect(model.countParams()).toBe(params);
    model.dispose();
  });

  it('has the counts of the article: 2,257,984 parameters, 34,112 moving statistics, 52 BatchNorms', () => {
    const model = mobileNetV2({ ...article, includeTop: false });
    const norms = model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization');
    const size = (weights: typeof model.weights) => weights.reduce((sum, weight) => sum + weight.read().size, 0);
    expect(size(model.trainableWeights)).toBe(2_223_872);
    expect(size(model.nonTrainableWeights)).toBe(34_112);
    expect(norms).toHaveLength(52);
    expect(norms.reduce((sum, layer) => sum + (layer.outputShape as number[])[3]!, 0)).toBe(17_056);
    model.dispose();
  });

  it('without BatchNorm has the same convolutions and no parameter besides them and the head', () => {
    const model = mobileNetV2({ ...article, batchNorm: false });
    expect(model.countParams()).toBe(2_202_570);
    expect(model.nonTrainableWeights).toHaveLength(0);
    model.dispose();
  });

  it('draws every kernel from Glorot’s uniform distribution with Keras’ fans: Σw₀² = 5031 ± 1 %', () => {
    const model = mobileNetV2({ ...article, batchNorm: false, includeTop: false });
    let sum = 0;
    let expected = 0;
    for (const kernel of kernels(model)) {
      const values = kernel.read().dataSync<'float32'>();
      const limit = glorotLimit(kernel.shape as number[]);
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(Math.fround(limit));
      expect(largest).toBeGreaterThan(0.97 * limit);
      sum += values.reduce((total, value) => total + value * value, 0);
      expected += (values.length * limit ** 2) / 3;
    }
    expect(expected).toBeCloseTo(5031, -0.5);
    expect(sum / 5031).toBeGreaterThan(0.99);
    expect(sum / 5031).toBeLessThan(1.01);
    model.dispose();
  });

  it('uses the limit of tfjs’ own Glorot initializer, for depthwise kernels too', () => {
    for (const shape of [
      [3, 3, 3, 32],
      [3, 3, 96, 1],
      [1, 1, 16, 96],
      [1280, 10],
    ]) {
      const stock = tf.initializers.glorotUniform({ seed: 3 }).apply(shape);
      const largest = stock.abs().max().dataSync()[0]!;
      expect(largest).toBeLessThanOrEqual(Math.fround(glorotLimit(shape)));
      expect(largest).toBeGreaterThan(0.97 * glorotLimit(shape));
      stock.dispose();
    }
  });

  it('starts alike with and without BatchNorm and at any λ, and differently in every layer and for every seed', () => {
    const models = [
      mobileNetV2({ ...article, alpha: 0.35, seed: 5 }),
      mobileNetV2({ ...article, alpha: 0.35, seed: 5, batchNorm: false, l2: 1e-3 }),
      mobileNetV2({ ...article, alpha: 0.35, seed: 6 }),
    ] as const;
    const [withNorm, without, otherSeed] = models.map(named);
    for (const [name, values] of without!) expect(withNorm!.get(name), name).toEqual(values);
    expect(otherSeed!.get('Conv1/kernel')).not.toEqual(withNorm!.get('Conv1/kernel'));
    expect(withNorm!.get('block_4_project/kernel')).not.toEqual(withNorm!.get('block_5_project/kernel'));
    for (const model of models) model.dispose();
  });

  it('saves and loads with its depthwise regularizers, twice over', async () => {
    const model = mobileNetV2({ ...article, alpha: 0.35, l2: 1e-3 });
    const reload = async (from: typeof model) => {
      let saved: Parameters<typeof tf.io.fromMemory>[0] | undefined;
      await from.save(
        tf.io.withSaveHandler(async (artifacts) => {
          saved = artifacts as typeof saved;
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
      return await tf.loadLayersModel(tf.io.fromMemory(saved!));
    };
    const loaded = await reload(model);
    const again = await reload(loaded);
    expect([...named(again).values()]).toEqual([...named(model).values()]);
    expect(penalty(again)).toBe(penalty(model));
    expect(penalty(model)).toBeGreaterThan(0);
    for (const each of [model, loaded, again]) each.dispose();
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    mobileNetV2({ ...article, alpha: 0.35, l2: 1e-3 }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names each wrong option', () => {
    expect(() => mobileNetV2({ ...article, alpha: 0 })).toThrow(InputError);
    expect(() => mobileNetV2({ ...article, l2: -1, classes: 0 })).toThrow(/classes: got 0.*\nl2: got -1, want/);
  });
});

describe('makeDivisible', () => {
  it.each([
    [8.4, 8],
    [11.2, 16],
    [5, 8],
    [44.8, 48],
    [32, 32],
    [20, 24],
    [33, 32],
  ])('%d channels → %d', (channels, expected) => expect(makeDivisible(channels)).toBe(expected));
});
