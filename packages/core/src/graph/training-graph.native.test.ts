import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { OPTIMIZERS } from '../sweep/trial-config.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { minus, norm, numbers, readWeights } from './fixtures/compare-with-layers.ts';
import { clearGraphCache } from './graph-cache.ts';
import { compileTrainingGraph, type TrainingGraph, type TrainingGraphOptions } from './training-graph.ts';

const COUNT = 6;
const LABELS = Int32Array.of(0, 1, 2, 2, 1, 0);
const batchOf = (step: number) => ({ images: numbers(COUNT * 64, step + 1), targets: LABELS, count: COUNT });
const RATE = { learningRate: 0.05 };

interface NetOptions {
  l1?: number;
  l2?: number;
  dropout?: number;
}

/** Convolution, normalization, depthwise convolution, pooling, dropout, dense. */
function build({ l1 = 0, l2 = 0, dropout = 0 }: NetOptions = {}): Tfjs.LayersModel {
  const regularizer = () => (l1 > 0 || l2 > 0 ? tf.regularizers.l1l2({ l1, l2 }) : undefined);
  const kernel = () => {
    const kernelRegularizer = regularizer();
    return kernelRegularizer === undefined ? {} : { kernelRegularizer };
  };
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, ...kernel() }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.reLU({ maxValue: 6 }),
      tf.layers.depthwiseConv2d({
        kernelSize: 3,
        ...(l2 > 0 ? { depthwiseRegularizer: tf.regularizers.l2({ l2 }) } : {}),
      }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dropout({ rate: dropout }),
      tf.layers.dense({ units: 3, ...kernel() }),
    ],
  });
  model.setWeights(
    model.weights.map((weight, i) => {
      const size = weight.shape.reduce<number>((product, side) => product * (side ?? 1), 1);
      return tf.tensor(
        numbers(size, i + 2).map((value) => (weight.shape.length === 1 ? 1 + 0.3 * value : value)),
        weight.shape as number[],
      );
    }),
  );
  return model;
}

const compile = (model: Tfjs.LayersModel, options: Partial<TrainingGraphOptions> = {}) =>
  compileTrainingGraph(model, { optimizer: { name: 'sgd', momentum: 0.9 }, ...options });

function trainSteps(graph: TrainingGraph, from: number, to: number): void {
  for (let step = from; step < to; step++) graph.train(batchOf(step), RATE);
}

describe('TrainingGraph', () => {
  afterAll(clearGraphCache);

  it('reports the penalty of the weights before the update, and steps along its gradient', () => {
    const model = build({ l1: 0.01, l2: 0.02 });
    const before = readWeights(model);
    const penalized = compile(model);
    const plain = compile(build());
    const { penalty, loss } = penalized.train(batchOf(0), RATE);
    expect(loss).toBe(plain.train(batchOf(0), RATE).loss);

    const coefficients = penalized.getPenalty();
    const absolute = (values: Float32Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);
    const expected = before.reduce(
      (sum, values, i) =>
        sum + (coefficients[i]?.l1 ?? 0) * absolute(values) + (coefficients[i]?.l2 ?? 0) * norm(values) ** 2,
      0,
    );
    expect(coefficients.filter(({ l2 }) => l2 > 0)).toHaveLength(3);
    expect(penalty / expected).toBeCloseTo(1, 5);

    penalized.getWeights().forEach((weight, i) => {
      const data = plain.getWeights()[i] as Float32Array;
      const { l1, l2 } = coefficients[i] ?? { l1: 0, l2: 0 };
      const wanted = data.map((value, at) => {
        const old = before[i]?.[at] ?? 0;
        return value - RATE.learningRate * (2 * l2 * old + l1 * Math.sign(old));
      });
      expect(norm(minus(weight, wanted))).toBeLessThan(1e-6);
    });
    penalized.dispose();
    plain.dispose();
  });

  it('takes λ as an input: a graph set to another penalty is one compiled for it', () => {
    const graph = compile(build({ l2: 0.5 }));
    const other = compile(build({ l2: 0.02 }));
    graph.setPenalty(other.getPenalty());
    trainSteps(graph, 0, 3);
    trainSteps(other, 0, 3);
    expect(graph.getWeights()).toEqual(other.getWeights());
    const plain = compile(build());
    expect(() => plain.setPenalty(other.getPenalty())).toThrow(InputError);
    for (const { dispose } of [graph, other, plain].map((one) => ({ dispose: () => one.dispose() }))) dispose();
  });

  it('gives ‖w‖², ‖g‖² and ⟨w, g⟩ of every trained weight, g without the penalty, and takes the same step', () => {
    const before = readWeights(build());
    const plain = compile(build());
    plain.train(batchOf(0), { learningRate: 1 });
    const gradients = plain.getWeights().map((weight, i) => minus(before[i] as Float32Array, weight));

    const graph = compile(build({ l2: 0.02 }));
    const twin = compile(build({ l2: 0.02 }));
    const { norms, ...metrics } = graph.trainWithNorms(batchOf(0), RATE);
    expect(metrics).toEqual(twin.train(batchOf(0), RATE));
    expect(graph.getWeights()).toEqual(twin.getWeights());

    expect(norms.map(({ weight }) => weight).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // The expected gradients are differences of weights, so they carry the rounding of the weights.
    const rounding = 2e-7;
    for (const { weight, weightSquare, gradientSquare, inner } of norms) {
      const w = before[weight] as Float32Array;
      const g = gradients[weight] as Float32Array;
      const product = w.reduce((sum, value, i) => sum + value * (g[i] ?? 0), 0);
      const name = graph.model.weights[weight]?.name ?? '';
      expect(weightSquare / norm(w) ** 2, name).toBeCloseTo(1, 5);
      expect(Math.abs(gradientSquare - norm(g) ** 2), name).toBeLessThan(
        1e-5 * norm(g) ** 2 + rounding * norm(w) * norm(g),
      );
      expect(Math.abs(inner - product), name).toBeLessThan(1e-5 * norm(w) * norm(g) + rounding * norm(w) ** 2);
    }
    for (const one of [plain, graph, twin]) one.dispose();
  });

  it('evaluates in inference mode and changes nothing', () => {
    const graph = compile(build({ l2: 0.02, dropout: 0.5 }));
    trainSteps(graph, 0, 2);
    const state = graph.getState();
    const first = graph.evaluate(batchOf(9));
    expect(graph.evaluate(batchOf(9))).toEqual(first);
    expect(graph.getState()).toEqual(state);

    graph.syncModel();
    const logits = graph.model.predict(tf.tensor(batchOf(9).images, [COUNT, 8, 8, 1])) as Tfjs.Tensor;
    const oneHot = tf.oneHot(tf.tensor1d(LABELS, 'int32'), 3);
    expect(first.loss).toBeCloseTo(tf.losses.softmaxCrossEntropy(oneHot, logits).dataSync()[0] as number, 5);
    graph.dispose();
  });

  it('takes batches of any size', () => {
    const graph = compile(build({ l2: 0.02 }));
    const whole = batchOf(0);
    const parts = [0, 1, 2, 3, 4, 5].map((i) => ({
      images: whole.images.subarray(i * 64),
      targets: whole.targets.subarray(i),
      count: 1,
    }));
    const mean = parts.reduce((sum, part) => sum + graph.evaluate(part).loss, 0) / COUNT;
    expect(graph.evaluate(whole).loss).toBeCloseTo(mean, 5);
    for (const count of [6, 1, 4]) expect(graph.train({ ...whole, count }, RATE).loss).toBeGreaterThan(0);
    graph.dispose();
  });

  it.each(OPTIMIZERS)('goes on from a saved state to the bit: %s', (name) => {
    const options = { optimizer: { name, momentum: 0.9 }, seed: 5 };
    const net = { l2: 0.02, dropout: 0.4 };
    const uninterrupted = compile(build(net), options);
    trainSteps(uninterrupted, 0, 4);
    const saved = structuredClone(uninterrupted.getState());
    trainSteps(uninterrupted, 4, 8);

    const resumed = compile(build(net), options);
    trainSteps(resumed, 20, 23);
    resumed.setState(saved);
    trainSteps(resumed, 4, 8);
    expect(resumed.getState()).toEqual(uninterrupted.getState());
    resumed.dispose();
    uninterrupted.dispose();
  });

  it('is a pure function of weights, data and seed, also in a graph that served another run', () => {
    const run = (seed: number) => {
      const graph = compile(build({ dropout: 0.4 }), { optimizer: { name: 'adam', momentum: 0 }, seed });
      trainSteps(graph, 0, 5);
      const weights = graph.getWeights();
      graph.dispose();
      return weights;
    };
    const first = run(1);
    expect(run(1)).toEqual(first);
    expect(run(2)).not.toEqual(first);
    clearGraphCache();
    expect(run(1)).toEqual(first);
  });

  it('writes the weights back into the model, and does not touch the arrays it was given', () => {
    const graph = compile(build());
    const given = graph.getWeights();
    const copies = given.map((values) => values.slice());
    graph.setWeights(given);
    trainSteps(graph, 0, 3);
    expect(given).toEqual(copies);
    graph.syncModel();
    expect(readWeights(graph.model)).toEqual(graph.getWeights());
    expect(() => graph.setWeights(given.slice(1))).toThrow(/got \d+ values|got no values/);
    graph.dispose();
  });

  it('refuses what cannot go together', () => {
    const adamw = { name: 'adamw', momentum: 0 } as const;
    expect(() => compile(build({ l1: 0.1, l2: 0.1 }), { optimizer: adamw })).toThrow(/got adamw with an l1 penalty/);
    expect(() => compile(build(), { optimizer: { ...adamw, clipNorm: 0 } })).toThrow(
      /clipNorm: got 0, want a number > 0/,
    );
    const maps = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3 })] });
    expect(() => compile(maps)).toThrow(/output of the model: got shape \[batch, 6, 6, 2\]/);
  });

  it('leaves no folder behind, and says so when it is used after its end', () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`l2bn-graph-${process.pid}-`));
    const graph = compile(build());
    expect(folders()).toEqual([]);
    graph.dispose();
    graph.dispose();
    expect(() => graph.train(batchOf(0), RATE)).toThrow(/disposed/);
  });
});
