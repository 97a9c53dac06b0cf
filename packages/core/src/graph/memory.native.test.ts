import { afterEach, describe, expect, it } from 'vitest';
import { smallConvNet } from '../models/small-conv-net.ts';
import { tf } from '../tensorflow.ts';
import { createGraphTrainStep } from '../training/graph-train-step.ts';
import type { TrainStep } from '../training/train-step.ts';
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

/** What the test has made: one that fails leaves no graph to those behind it. */
const made: TrainStep[] = [];
function makeStep(...of: Parameters<typeof createGraphTrainStep>) {
  const trainStep = createGraphTrainStep(...of);
  made.push(trainStep);
  return trainStep;
}

afterEach(() => {
  for (const trainStep of made.splice(0)) trainStep.dispose();
  clearGraphCache();
});

/**
 * By how many bytes the process has grown in the quietest of some rounds, of which the first that stays below `enough` is the
 * last. Allocators and the JavaScript heap take their room now and then, for thousands of steps; a leak grows in every round.
 */
function leastGrowth(round: () => void, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 10 && least >= enough; turn++) {
    const before = process.memoryUsage.rss();
    round();
    least = Math.min(least, process.memoryUsage.rss() - before);
  }
  return least;
}

describe('native memory', () => {
  it('is the same after every 1,000 steps, evaluations and readings', () => {
    const trainStep = makeStep(smallConvNet({ ...options, l2: 1e-3 }), {
      optimizer: { name: 'momentum', momentum: 0.9 },
    });
    const work = (steps: number) => {
      for (let step = 1; step <= steps; step++) {
        trainStep.step(batch, { learningRate: 0.01 });
        if (step % 10 === 0) trainStep.evaluate(batch);
        if (step % 100 > 0) continue;
        trainStep.syncModel();
        trainStep.graph.setState(trainStep.graph.getState());
      }
    };
    work(100);
    const tensors = nativeTensors();
    const javascriptTensors = tf.memory().numTensors;
    const growth = leastGrowth(() => work(1_000), 40 * MEGABYTE);
    expect(nativeTensors()).toBe(tensors);
    expect(tf.memory().numTensors).toBe(javascriptTensors);
    // A leak of one batch a step would be 98 MB, of one set of activations some GB.
    expect(growth).toBeLessThan(40 * MEGABYTE);
  });

  it('comes back when graphs are compiled and disposed in turn', () => {
    const compile = (times: number) => {
      for (let time = 0; time < times; time++) {
        const model = smallConvNet({ ...options, l2: 1e-3 });
        const trainStep = makeStep(model, { optimizer: { name: 'adam', momentum: 0 } });
        trainStep.step(batch, { learningRate: 0.001 });
        trainStep.dispose();
        clearGraphCache();
        model.dispose();
      }
    };
    compile(5);
    const tensors = nativeTensors();
    const growth = leastGrowth(() => compile(10), 10 * MEGABYTE);
    expect(nativeTensors()).toBe(tensors);
    expect(loadedGraphs()).toBe(0);
    // Ten graphs that are left loaded are more than 20 MB.
    expect(growth).toBeLessThan(10 * MEGABYTE);
  });

  it('is kept for a few idle graphs only', () => {
    for (const classes of [2, 3, 4, 5, 6, 7]) {
      const model = smallConvNet({ ...options, classes, l2: 0 });
      makeStep(model, { optimizer: { name: 'sgd', momentum: 0 } }).dispose();
    }
    expect(loadedGraphs()).toBe(4);
    clearGraphCache();
    expect(loadedGraphs()).toBe(0);
  });

  it('is shared by runs of equal shape that follow each other, not by runs at the same time', () => {
    const make = (l2: number) =>
      makeStep(smallConvNet({ ...options, l2 }), { optimizer: { name: 'sgd', momentum: 0 } });
    const first = make(1e-3);
    const second = make(1e-4);
    expect(loadedGraphs()).toBe(2);
    first.dispose();
    second.dispose();
    make(1e-2);
    expect(loadedGraphs()).toBe(2);
  });
});
