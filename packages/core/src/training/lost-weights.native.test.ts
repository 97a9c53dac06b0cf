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

/** Trains a small network of which one value of a weight is NaN. */
async function trainWithout(engine: EngineName, lost: string) {
  const dataset = await loadDataset(trialConfig().data, { baseDirectory: '' });
  const model = smallConvNet({ inputShape: dataset.shape, classes: dataset.classes.length, l2: 0, seed: 3 });
  const weight = model.weights.find(({ originalName }) => originalName === lost)!;
  const values = weight.read().dataSync().slice();
  values[0] = Number.NaN;
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
  const { status, losses } = await trainWithout(engine, lost);
  expect(status).toBe('diverged');
  // Nothing but the weights tells where ReLU makes 0 of NaN; the layers engine's keeps it.
  expect(losses).toEqual([engine === 'graph' ? expect.any(Number) : null]);
});
