import { describe, expect, it } from 'vitest';
import { smallConvNet } from '../models/small-conv-net.ts';
import { tf } from '../tensorflow.ts';
import { createGraphTrainStep } from '../training/graph-train-step.ts';
import { numbers } from './fixtures/compare-with-layers.ts';
import { clearGraphCache } from './graph-cache.ts';

const COUNT = 32;
const batch = {
  images: numbers(COUNT * 16 * 16 * 3),
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % 10),
  count: COUNT,
};
const options = { inputShape: [16, 16, 3] as [number, number, number], classes: 10, batchNorm: true, seed: 1 };
const MEGABYTE = 1e6;

const nativeTensors = () =>
  (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding.getNumOfTensors();
const loadedGraphs = () =>
  (tf.backend() as unknown as { binding: { getNumOfSavedModels(): number } }).binding.getNumOfSavedModels();

describe('native memory', () => {
  it('is the same after 2,000 steps, evaluations and readings', () => {
    const trainStep = createGraphTrainStep(smallConvNet({ ...options, l2: 1e-3 }), {
      optimizer: { name: 'momentum', momentum: 0.9 },
    });
    const work = () => {
      for (let step = 0; step < 100; step++) trainStep.step(batch, { learningRate: 0.01 });
      for (let turn = 0; turn < 10; turn++) trainStep.evaluate(batch);
      trainStep.syncModel();
      trainStep.graph.setState(trainStep.graph.getState());
    };
    work();
    const tensors = nativeTensors();
    const javascriptTensors = tf.memory().numTensors;
    const resident = process.memoryUsage.rss();
    for (let turn = 0; turn < 20; turn++) work();
    expect(nativeTensors()).toBe(tensors);
    expect(tf.memory().numTensors).toBe(javascriptTensors);
    // A leak of one batch a step would be 197 MB, of one set of activations some GB.
    expect(process.memoryUsage.rss() - resident).toBeLessThan(20 * MEGABYTE);
    trainStep.dispose();
    clearGraphCache();
  });

  it('comes back when graphs are compiled and disposed in turn', () => {
    const round = () => {
      const model = smallConvNet({ ...options, l2: 1e-3 });
      const trainStep = createGraphTrainStep(model, { optimizer: { name: 'adam', momentum: 0 } });
      trainStep.step(batch, { learningRate: 0.001 });
      trainStep.dispose();
      clearGraphCache();
      model.dispose();
    };
    for (let warm = 0; warm < 5; warm++) round();
    const tensors = nativeTensors();
    const resident = process.memoryUsage.rss();
    for (let turn = 0; turn < 20; turn++) round();
    expect(nativeTensors()).toBe(tensors);
    expect(loadedGraphs()).toBe(0);
    expect(process.memoryUsage.rss() - resident).toBeLessThan(60 * MEGABYTE);
  });

  it('is kept for a few idle graphs only', () => {
    for (const classes of [2, 3, 4, 5, 6, 7]) {
      const model = smallConvNet({ ...options, classes, l2: 0 });
      createGraphTrainStep(model, { optimizer: { name: 'sgd', momentum: 0 } }).dispose();
    }
    expect(loadedGraphs()).toBe(4);
    clearGraphCache();
    expect(loadedGraphs()).toBe(0);
  });

  it('is shared by runs of equal shape that follow each other, not by runs at the same time', () => {
    const make = (l2: number) =>
      createGraphTrainStep(smallConvNet({ ...options, l2 }), { optimizer: { name: 'sgd', momentum: 0 } });
    const first = make(1e-3);
    const second = make(1e-4);
    expect(loadedGraphs()).toBe(2);
    first.dispose();
    second.dispose();
    const third = make(1e-2);
    expect(loadedGraphs()).toBe(2);
    third.dispose();
    clearGraphCache();
  });
});
