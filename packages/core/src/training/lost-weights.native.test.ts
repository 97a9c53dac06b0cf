import { expect, it } from 'vitest';
import { BatchReader } from '../data/batches.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { smallConvNet } from '../models/small-conv-net.ts';
import type { TrialEvent } from '../sweep/events.ts';
import { ENGINES, type EngineName } from '../sweep/trial-config.ts';
import { tf } from '../tensorflow.ts';
import { createTrainStep } from './engines.ts';
import { trialConfig } from './fixtures/trials.ts';
import { constantLearningRate } from './learning-rate.ts';
import { trainTrial } from './trainer.ts';

/** Trains a small network of which one value of a weight is not finite. */
async function trainWith(engine: EngineName, lost: string, value: number) {
  const dataset = await loadDataset(trialConfig().data, { baseDirectory: '' });
  const model = smallConvNet({ inputShape: dataset.shape, classes: dataset.classes.length, l2: 0, seed: 3 });
  const weight = model.weights.find(({ originalName }) => originalName === lost)!;
  const values = weight.read().dataSync().slice();
  values[0] = value;
  weight.write(tf.tensor(values, weight.shape as number[]));
  const step = await createTrainStep(engine, model, { optimizer: { name: 'sgd', momentum: 0 } });
  const losses: (number | null)[] = [];
  const emit = (event: TrialEvent) => {
    if (event.type === 'epoch') losses.push(event.validation.crossEntropy);
  };
  try {
    const { status } = await trainTrial({
      trial: 'mine',
      attempt: 1,
      worker: 0,
      step,
      train: new BatchReader(dataset, 'train', { batchSize: 32, seed: 3 }),
      validation: new BatchReader(dataset, 'validation', { batchSize: 32 }),
      learningRate: constantLearningRate(0.01),
      epochs: 1,
      emit,
    });
    return { status, losses };
  } finally {
    step.dispose();
    model.dispose();
  }
}

const LOST = ENGINES.flatMap((engine) => ['conv_1/kernel', 'bn_2/moving_mean'].map((lost) => ({ engine, lost })));

it.each(LOST)('a NaN in $lost is a divergence, engine $engine', async ({ engine, lost }) => {
  // What the loss is hangs on the CPU: TensorFlow's fused ReLU makes 0 of NaN, or keeps it.
  expect((await trainWith(engine, lost, Number.NaN)).status).toBe('diverged');
});

it.each(ENGINES)('so is a weight that is infinite where the loss stays finite, engine %s', async (engine) => {
  // What is divided by its root is 0.
  const { status, losses } = await trainWith(engine, 'bn_2/moving_variance', Number.POSITIVE_INFINITY);
  expect(status).toBe('diverged');
  expect(losses).toEqual([expect.any(Number)]);
});
