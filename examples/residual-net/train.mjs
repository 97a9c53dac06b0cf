/**
 * Compiles the residual network to one native training graph and trains it: `npm start` in this folder.
 */
import { BatchReader, compileTrainingGraph, loadDataset, tf } from '@l2bn/core';
import { buildModel } from './model.mjs';

const data = await loadDataset({ source: 'digits', imageSize: 16, channels: 1 }, { baseDirectory: '.' });
const model = buildModel({
  tf,
  inputShape: data.shape,
  classes: data.classes.length,
  seed: 1,
  batchNorm: true,
  batchNormMomentum: 0.9,
  batchNormEpsilon: 1e-3,
  l2: 1e-4,
});
const graph = compileTrainingGraph(model, { optimizer: { name: 'adam', momentum: 0 }, seed: 1 });

const train = new BatchReader(data, 'train', { batchSize: 32, seed: 1 });
const validation = new BatchReader(data, 'validation', { batchSize: 64 });
for (let epoch = 1; epoch <= 3; epoch++) {
  for (const { images, labels, count } of train.epoch(epoch)) {
    graph.train({ images, targets: labels, count }, { learningRate: 1e-3 });
  }
  let correct = 0;
  for (const { images, labels, count } of validation.epoch(0)) {
    correct += graph.evaluate({ images, targets: labels, count }).correct;
  }
  console.log(`epoch ${epoch}: ${correct} of ${data.validation.count} validation images right`);
}

// The weights go back into the tfjs model, which saves and predicts as always.
graph.syncModel();
graph.dispose();
const one = validation.batch(0, 0);
const logits = model.predict(tf.tensor(one.images, [one.count, ...data.shape]));
console.log(`tfjs' own prediction of the first image: ${logits.argMax(-1).dataSync()[0]}, its label: ${one.labels[0]}`);
