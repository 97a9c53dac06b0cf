/**
 * A process of worker threads that train one model each. It says when they are ready, and for each line on stdin starts
 * them together and says what came out.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { warmUp } from '@l2bn/core';

/** @typedef {import('../race.mjs').Ready} Ready */
/** @typedef {import('../race.mjs').Result} Result */

/** @param {'graph' | 'layers'} engine */
export async function trainInThreads(engine) {
  const config = JSON.parse(process.argv[2] ?? '{}');
  // As an engine host does: tfjs-node's start-up is not safe in threads before every op has run in this one.
  await warmUp();
  const file = new URL('./trainer-thread.mjs', import.meta.url);
  const workers = Array.from(
    { length: config.threads },
    (_, seed) => new Worker(file, { workerData: { ...config, engine, seed } }),
  );
  const [ready] = /** @type {Ready[]} */ (await answers(workers));
  print(ready);
  for await (const _ of createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    for (const worker of workers) worker.postMessage('go');
    const results = /** @type {(Omit<Result, 'cpuSeconds'> & { loss: number })[]} */ (await answers(workers));
    const { user, system } = process.cpuUsage(before);
    print({
      imagesPerSecond: results.reduce((total, { imagesPerSecond }) => total + imagesPerSecond, 0),
      steps: results.reduce((total, { steps }) => total + steps, 0),
      seconds: Math.max(...results.map(({ seconds }) => seconds)),
      cpuSeconds: (user + system) / 1e6,
      // The worst of them, or NaN: every one has to have learnt.
      loss: Math.max(...results.map(({ loss }) => loss)),
    });
  }
  process.exit();
}

/** The next message of each worker; its error, if it throws.
 * @param {Worker[]} workers
 */
const answers = (workers) => Promise.all(workers.map((worker) => once(worker, 'message').then(([message]) => message)));

/** @param {unknown} message */
const print = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
