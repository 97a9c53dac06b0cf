/**
 * One trial in a worker thread.
 */
import { on } from 'node:events';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createTrainStep, mobileNetV2, tensorflowVersion } from '@l2bn/core';

/** Steps before the measurement: the first few are slow, for TensorFlow then optimises the graph. */
const WARM_UP_STEPS = 4;

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { engine, seed, imageSize, batchSize, classes, l2, learningRate, seconds, images, labels } = workerData;

const model = mobileNetV2({ inputShape: [imageSize, imageSize, 3], classes, alpha: 1, batchNorm: true, l2, seed });
const trainStep = await createTrainStep(engine, model, { optimizer: { name: 'sgd', momentum: 0 } });
const batch = {
  images: new Float32Array(bufferOf(images)),
  labels: new Int32Array(bufferOf(labels)),
  count: batchSize,
};
const step = async () => trainStep.step(batch, { learningRate });

const first = await step();
for (let i = 1; i < WARM_UP_STEPS; i++) await step();
port.postMessage({
  parameters: model.countParams(),
  penalty: first.penalty,
  loss: first.crossEntropy + first.penalty,
  version: `tfjs-node on TensorFlow ${tensorflowVersion()}`,
});
for await (const _ of on(port, 'message')) port.postMessage(await measure());

/**
 * Only steps that ended in time count: whoever shares the machine was at work through all of them. A step that is longer
 * than the whole measurement counts as well, as there is no other.
 */
async function measure() {
  const started = performance.now();
  const losses = [];
  let steps = 0;
  let ended = started;
  for (let inTime = true; inTime; ) {
    const { crossEntropy, penalty } = await step();
    losses.push(crossEntropy + penalty);
    const now = performance.now();
    inTime = now - started <= seconds * 1000;
    if (!inTime && steps > 0) break;
    steps++;
    ended = now;
  }
  const duration = (ended - started) / 1000;
  return {
    imagesPerSecond: (steps * batchSize) / duration,
    steps,
    seconds: duration,
    // At this learning rate a single step may well raise it.
    loss: Number.isFinite(losses.at(-1)) ? Math.min(...losses) : Number.NaN,
  };
}

/** A copy of its own, for Node's small buffers share one. @param {string} file */
function bufferOf(file) {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
