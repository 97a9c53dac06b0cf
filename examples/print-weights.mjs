/**
 * `@l2bn/core` on its own: the article's "L2 only" arm, trained on the graph engine, with the callback that prints the
 * first ten weights each epoch. No sweep, no worker threads, no files.
 *
 *   node examples/print-weights.mjs
 */
import {
  auditRegularizers,
  BatchReader,
  constantLearningRate,
  createTrainStep,
  loadDataset,
  mobileNetV2,
  PrintWeights,
  trainTrial,
} from '@l2bn/core';
import { decayAfter } from '@l2bn/core/theory';

const data = await loadDataset({ source: 'digits', limit: 512 }, { baseDirectory: '.' });
const model = mobileNetV2({
  inputShape: data.shape,
  classes: data.classes.length,
  batchNorm: false,
  l2: 1e-3,
  seed: 1,
});
const reached = auditRegularizers(model).filter(({ l2 }) => l2 > 0);
console.log(`λ = 1e-3 reaches ${reached.length} of ${model.weights.length} variables`);

const result = await trainTrial({
  trial: 'l2-only',
  attempt: 1,
  worker: 0,
  step: await createTrainStep('graph', model, { optimizer: { name: 'sgd', momentum: 0 } }),
  train: new BatchReader(data, 'train', { batchSize: 32, seed: 1 }),
  validation: new BatchReader(data, 'validation', { batchSize: 32 }),
  epochs: 3,
  learningRate: constantLearningRate(0.1),
  callbacks: [new PrintWeights({ when: 'epochEnd' })],
  emit: () => {},
});
console.log(
  `${result.status} after ${result.step} steps; pure decay predicts a factor of ${decayAfter(0.1, 1e-3, 16)} an epoch`,
);
