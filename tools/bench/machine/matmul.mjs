/**
 * `matmul.mjs THREADS`: GFLOP/s of float32 matrix products by TensorFlow, one product at a time in every thread.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { tf } from '../../../packages/core/dist/tensorflow.js';

const SIZE = 1024;
const SECONDS = 2;

if (isMainThread) {
  multiply(3);
  const file = new URL(import.meta.url);
  const start = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: Number(process.argv[2]) }, () => new Worker(file, { workerData: start }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const rates = workers.map((worker) => once(worker, 'message').then(([rate]) => rate));
  Atomics.store(start, 0, 1);
  Atomics.notify(start, 0);
  const total = (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
  process.stdout.write(`${total}\n`);
  process.exit();
} else {
  multiply(3);
  parentPort?.postMessage('ready');
  Atomics.wait(workerData, 0, 0);
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < SECONDS * 1000) {
    multiply(4);
    count += 4;
  }
  parentPort?.postMessage((count * 2 * SIZE ** 3) / ((performance.now() - started) / 1000) / 1e9);
}

/** @param {number} times */
function multiply(times) {
  tf.tidy(() => {
    const a = tf.ones([SIZE, SIZE]);
    // One value is read, as nothing has to be computed before.
    for (let i = 0; i < times; i++) tf.slice(tf.matMul(a, a), [0, 0], [1, 1]).dataSync();
  });
}
