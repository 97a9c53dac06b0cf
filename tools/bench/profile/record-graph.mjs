/**
 * `record-graph.mjs FOLDER TASK`: keeps what the graph engine hands to TensorFlow for a training step of MobileNetV2.
 * FOLDER gets `saved_model.pb`, `runs.json` (every run in order, the last one a training step) and `values.bin` (what
 * was fed). It listens between the engine and the addon, so it knows nothing of how the engine builds its graph.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTrainStep, mobileNetV2 } from '@l2bn/core';
import { tf } from '../../../packages/core/dist/tensorflow.js';

/** @typedef {Float32Array | Int32Array | Uint8Array} Values */
/** @typedef {{ shape: number[], dtype: string, offset: number }} Fed in `values.bin`, at `offset` bytes */
/** @typedef {import('../task.mjs').Task} Task */

/** @type {Record<string, string>} */
const DTYPES = { Float32Array: 'float32', Int32Array: 'int32', Uint8Array: 'uint8' };

const [, , folder = '.', task = '{}'] = process.argv;
/** @type {Task} */
const { imageSize, batchSize, classes, l2, learningRate, images, labels } = JSON.parse(task);

const backend = /** @type {{ binding: import('./record-graph.d.ts').Binding }} */ (
  /** @type {unknown} */ (tf.backend())
);
const { binding } = backend;
/** @type {Map<number, Fed>} */
const tensors = new Map();
/** @type {{ inputs: ({ name: string } & Fed)[], fetches: string[] }[]} */
const runs = [];
/** @type {Buffer[]} */
const chunks = [];
let written = 0;

/** @type {import('./record-graph.d.ts').Binding} */
const listener = {
  createTensor(shape, dtype, values) {
    const id = binding.createTensor(shape, dtype, values);
    const name = DTYPES[values.constructor.name];
    if (name === undefined) return id;
    // A copy: the engine may use its array again.
    const bytes = Buffer.from(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    tensors.set(id, { shape: [...shape], dtype: name, offset: written });
    chunks.push(bytes);
    written += bytes.length;
    return id;
  },
  loadSavedModel(place, tags) {
    // The engine removes its folder once the graph is loaded.
    copyFileSync(join(place, 'saved_model.pb'), join(folder, 'saved_model.pb'));
    return binding.loadSavedModel(place, tags);
  },
  runSavedModel(id, inputs, inputNames, outputNames) {
    const names = inputNames === '' ? [] : inputNames.split(',');
    runs.push({
      inputs: names.map((name, index) => ({ name, .../** @type {Fed} */ (tensors.get(inputs[index] ?? -1)) })),
      fetches: outputNames.split(','),
    });
    return binding.runSavedModel(id, inputs, inputNames, outputNames);
  },
};
// The addon's own functions cannot be replaced, the object that the backend calls can.
backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(listener));

const model = mobileNetV2({ inputShape: [imageSize, imageSize, 3], classes, alpha: 1, batchNorm: true, l2 });
const step = await createTrainStep('graph', model, { optimizer: { name: 'sgd', momentum: 0 } });
const batch = { images: new Float32Array(bytesOf(images)), labels: new Int32Array(bytesOf(labels)), count: batchSize };
await step.step(batch, { learningRate });
writeFileSync(join(folder, 'values.bin'), Buffer.concat(chunks));
writeFileSync(join(folder, 'runs.json'), JSON.stringify({ tag: 'train', batchSize, runs }));

/** @param {string} file */
function bytesOf(file) {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
