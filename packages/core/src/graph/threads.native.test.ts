import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../tensorflow.ts';

const file = new URL('./fixtures/train-in-worker.mjs', import.meta.url);
const workers: Worker[] = [];

async function train(worker: Worker, seed: number): Promise<string> {
  worker.postMessage({ steps: 6, seed });
  const [hash] = (await once(worker, 'message')) as [string];
  return hash;
}

describe('the graph engine in worker threads', () => {
  beforeAll(() => {
    // Loaded on the main thread before any worker, as an engine host does: the addon's start-up is not safe otherwise.
    tf.tidy(() => tf.add(1, 2).dataSync());
    workers.push(new Worker(file), new Worker(file));
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  it('trains to the same bits alone, beside another trial and in another thread', async () => {
    const [one, two] = workers as [Worker, Worker];
    const alone = await train(one, 1);
    const [beside, other] = await Promise.all([train(one, 1), train(two, 2)]);
    expect(beside).toBe(alone);
    expect(other).not.toBe(alone);
    expect(await train(two, 1)).toBe(alone);
  });
});
