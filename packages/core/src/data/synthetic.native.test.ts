import { expect, it } from 'vitest';
import { type Tfjs, tf } from '../tensorflow.ts';
import { BatchReader } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { dataConfig } from './fixtures/test-data.ts';
import { loadDataset } from './load-dataset.ts';

/** Share of the validation images that a network gets right after eight epochs. */
async function accuracyOf(dataset: Dataset, layers: Tfjs.layers.Layer[]): Promise<number> {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 9 });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: dataset.shape }),
      ...layers,
      tf.layers.flatten(),
      tf.layers.dense({ units: dataset.classes.length, activation: 'softmax', kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.003), loss: 'sparseCategoricalCrossentropy' });
  const reader = new BatchReader(dataset, 'train', { batchSize: 32, seed: 1 });
  for (let epoch = 0; epoch < 8; epoch++) {
    for (const { images, labels, count } of reader.epoch(epoch)) {
      const x = tf.tensor4d(images, [count, ...dataset.shape]);
      // tfjs wants float labels, also where they are class indices.
      const y = tf.tensor1d(Float32Array.from(labels));
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
    }
  }
  const all = new BatchReader(dataset, 'validation', { batchSize: dataset.validation.count }).batch(0, 0);
  const guesses = tf.tidy(() => {
    const logits = model.predict(tf.tensor4d(all.images, [all.count, ...dataset.shape])) as Tfjs.Tensor;
    return logits.argMax(-1);
  });
  const right = guesses.dataSync().filter((guess, index) => guess === all.labels[index]).length;
  guesses.dispose();
  return right / all.count;
}

it('a small convolutional network learns the synthetic images, a linear one does not', async () => {
  const config = dataConfig({ source: 'synthetic', classes: 4, images: 800, imageSize: 16 });
  const dataset = await loadDataset(config, { baseDirectory: '.' });
  const convolutions = [
    tf.layers.conv2d({
      filters: 8,
      kernelSize: 5,
      strides: 2,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
    }),
    tf.layers.conv2d({
      filters: 16,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: 2 }),
    }),
  ];
  expect(await accuracyOf(dataset, convolutions)).toBeGreaterThan(0.9);
  expect(await accuracyOf(dataset, [])).toBeLessThan(0.5);
});
