import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../input-error.ts';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { minus, norm, numbers, readWeights } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';
import { compileTrainingGraph } from '../training-graph.ts';
import type { LossConfig } from './loss.ts';

const COUNT = 6;
const CLASSES = 4;
const LABELS = Int32Array.from([0, 3, 1, 2, 2, 0]);
const OPTIMIZER = { name: 'sgd', momentum: 0 } as const;
const images = numbers(COUNT * 5);
const oneHot = Float32Array.from({ length: COUNT * CLASSES }, (_, i) =>
  LABELS[Math.floor(i / CLASSES)] === i % CLASSES ? 1 : 0,
);

function build(activation: 'linear' | 'softmax' = 'linear'): Tfjs.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [5], units: CLASSES, activation })] });
  model.setWeights([tf.tensor(numbers(5 * CLASSES, 3), [5, CLASSES]), tf.tensor(numbers(CLASSES, 4))]);
  return model;
}

/** Loss and gradient of the kernel by tfjs. */
function expected(loss: (output: Tfjs.Tensor) => Tfjs.Scalar): { value: number; gradient: Float32Array } {
  const model = build();
  const x = tf.tensor(images, [COUNT, 5]);
  const { value, grads } = tf.variableGrads(() => loss(model.apply(x) as Tfjs.Tensor));
  const kernel = Object.values(grads)[0] as Tfjs.Tensor;
  return { value: value.dataSync()[0] as number, gradient: kernel.dataSync() as Float32Array };
}

function actual(loss: LossConfig | undefined, targets: Int32Array | Float32Array, model = build()) {
  const before = readWeights(model)[0] as Float32Array;
  const graph = compileTrainingGraph(model, { optimizer: OPTIMIZER, ...(loss === undefined ? {} : { loss }) });
  const metrics = graph.train({ images, targets, count: COUNT }, { learningRate: 1 });
  const gradient = minus(before, graph.getWeights()[0] as Float32Array);
  graph.dispose();
  return { ...metrics, gradient };
}

const softmax = (smoothing: number) => (logits: Tfjs.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.tensor(oneHot, [COUNT, CLASSES]), logits, undefined, smoothing) as Tfjs.Scalar;
const values = numbers(COUNT * CLASSES, 7);
const squared = (output: Tfjs.Tensor) =>
  output
    .sub(tf.tensor(values, [COUNT, CLASSES]))
    .square()
    .mean() as Tfjs.Scalar;

const cases: [string, LossConfig, Int32Array | Float32Array, (output: Tfjs.Tensor) => Tfjs.Scalar][] = [
  ['of class indices', { name: 'sparseSoftmaxCrossEntropy' }, LABELS, softmax(0)],
  ['of class indices, smoothed', { name: 'sparseSoftmaxCrossEntropy', labelSmoothing: 0.1 }, LABELS, softmax(0.1)],
  ['of distributions', { name: 'softmaxCrossEntropy' }, oneHot, softmax(0)],
  ['of distributions, smoothed', { name: 'softmaxCrossEntropy', labelSmoothing: 0.2 }, oneHot, softmax(0.2)],
  ['mean squared error', { name: 'meanSquaredError' }, values, squared],
];

describe('loss', () => {
  afterAll(clearGraphCache);

  it.each(cases)('%s', (_name, loss, targets, oracle) => {
    const { value, gradient } = expected(oracle);
    const result = actual(loss, targets);
    expect(result.loss).toBeCloseTo(value, 5);
    expect(norm(minus(result.gradient, gradient))).toBeLessThanOrEqual(1e-5 * norm(gradient));
  });

  it('counts the outputs that are right', () => {
    const predicted = (build().predict(tf.tensor(images, [COUNT, 5])) as Tfjs.Tensor).argMax(-1).dataSync();
    const right = LABELS.filter((label, index) => predicted[index] === label).length;
    expect(actual(undefined, LABELS).correct).toBe(right);
    expect(actual({ name: 'softmaxCrossEntropy' }, oneHot).correct).toBe(right);
    expect(actual({ name: 'meanSquaredError' }, values).correct).toBe(0);
  });

  it('takes a softmax at the end as part of the cross-entropy, and still predicts probabilities', () => {
    const model = build('softmax');
    expect(actual(undefined, LABELS, model).gradient).toEqual(actual(undefined, LABELS).gradient);
    const graph = compileTrainingGraph(model, { optimizer: OPTIMIZER });
    const probabilities = (model.predict(tf.tensor(images, [COUNT, 5])) as Tfjs.Tensor).dataSync() as Float32Array;
    expect(norm(minus(graph.predict(images, COUNT), probabilities))).toBeLessThan(1e-6);
    graph.dispose();
  });

  it('refuses labels that are no classes and smoothing out of range', () => {
    expect(() => actual(undefined, Int32Array.of(0, 1, 2, 4, 0, 0))).toThrow(/targets\[3\]: got 4, want 0 … 3/);
    expect(() => actual({ name: 'softmaxCrossEntropy', labelSmoothing: 1 }, oneHot)).toThrow(InputError);
  });
});
