import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load-dataset.ts';
import { InputError } from '../input-error.ts';
import { TrialEventSchema } from '../sweep/events.ts';
import { ENGINES, type TrialConfigInput } from '../sweep/trial-config.ts';
import { tf } from '../tensorflow.ts';
import { runRecorded, trialConfig } from './fixtures/trials.ts';
import type { RunTrialOptions } from './run-trial.ts';
import type { TrialResult } from './trainer.ts';
import { warmUp } from './warm-up.ts';

const hashOf = (result: TrialResult) => (result.status === 'done' ? result.weightsHash : result.status);

describe.each(ENGINES)('runTrial, engine %s', (engine) => {
  const run = (config: TrialConfigInput, options: Partial<RunTrialOptions> = {}) =>
    runRecorded({ engine, ...config }, options);

  it('tells a trial as events: started, epoch 0, steps and epochs in order, done', async () => {
    const { result, events, eventsOf } = await run({ l2: 1e-3 });
    for (const event of events) {
      expect(v.parse(TrialEventSchema, event)).toEqual(event);
      expect(event).toMatchObject({ trial: 'cell-s1', attempt: 1 });
    }
    expect(events[0]).toMatchObject({ type: 'started', totalSteps: 12, stepsPerEpoch: 6, epochs: 2, classes: 4 });
    // A fifth of 240 images, of four classes of one size.
    expect(events[0]).toMatchObject({ validationSet: { images: 48, largestClass: 12 } });
    expect(eventsOf('epoch').map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [1, 6],
      [2, 12],
    ]);
    let next = 0;
    for (const { from, crossEntropy, penalty, accuracy } of eventsOf('steps')) {
      expect(from).toBe(next);
      expect([penalty.length, accuracy.length]).toEqual([crossEntropy.length, crossEntropy.length]);
      next += crossEntropy.length;
    }
    expect(next).toBe(12);
    expect(events.at(-1)).toMatchObject({ type: 'done', step: 12, weightsHash: hashOf(result) });
    expect(hashOf(result)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps cross-entropy and penalty apart, in training and in validation', async () => {
    const plain = await run({ l2: 0, epochs: 1 });
    const penalized = await run({ l2: 1e-2, epochs: 1 });
    const [before] = penalized.eventsOf('epoch');
    // At the start both have the same weights, so the same cross-entropy; only one has a penalty.
    expect(before!.validation.crossEntropy).toBe(plain.eventsOf('epoch')[0]!.validation.crossEntropy);
    expect(penalized.eventsOf('steps')[0]!.crossEntropy[0]).toBe(plain.eventsOf('steps')[0]!.crossEntropy[0]);
    expect(plain.eventsOf('epoch')[0]!.validation.penalty).toBe(0);
    expect(before!.validation.penalty).toBeGreaterThan(0.1);
    expect(penalized.eventsOf('steps')[0]!.penalty[0]).toBeCloseTo(before!.validation.penalty!, 5);
  });

  it('gives the same weights for the same seed, and others for another', async () => {
    const hashes = [];
    for (const seed of [1, 1, 2]) hashes.push(hashOf((await run({ epochs: 1 }, { seed })).result));
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('gives the same weights in a worker thread beside another trial', async () => {
    const config = trialConfig({ engine, epochs: 1, l2: 1e-3 });
    const dataset = await loadDataset(config.data, { baseDirectory: '' });
    const alone = await run({ epochs: 1, l2: 1e-3 });
    await warmUp();
    // From dist: a worker thread gets no TypeScript loader on Node 20.
    const module = new URL('../../dist/training/run-trial.js', import.meta.url).href;
    const inThread = (seed: number) =>
      new Promise<TrialResult>((resolve, reject) => {
        const source = `
          const { parentPort, workerData } = require('node:worker_threads');
          import(${JSON.stringify(module)})
            .then(({ runTrial }) => runTrial({ ...workerData, emit() {} }))
            .then((result) => parentPort.postMessage(result));`;
        const workerData = { config, dataset, seed, trial: 't', attempt: 1, worker: seed };
        const worker = new Worker(source, { eval: true, workerData });
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    const [first, second] = await Promise.all([inThread(1), inThread(2)]);
    expect(hashOf(first)).toBe(hashOf(alone.result));
    expect(hashOf(second)).not.toBe(hashOf(alone.result));
  });

  it('pairs arms: at one seed all see the same batches and start from the same weights, whatever λ', async () => {
    const plain = await run({ l2: 0, epochs: 8 });
    const tiny = await run({ l2: 1e-12, epochs: 8 });
    const losses = ({ eventsOf }: typeof plain) => eventsOf('steps').flatMap((event) => event.crossEntropy);
    expect(losses(plain)).toHaveLength(48);
    losses(plain).forEach((loss, i) => {
      expect(Math.abs(loss! - losses(tiny)[i]!)).toBeLessThan(1e-6);
    });
  });

  it('stops between two steps when the flag is set', async () => {
    const stopFlag = new Int32Array(new SharedArrayBuffer(4));
    const callbacks = [{ onBatchEnd: (batch: number) => void (batch === 3 && Atomics.store(stopFlag, 0, 1)) }];
    const { result, events, eventsOf } = await run({}, { stopFlag, callbacks });
    expect(result).toMatchObject({ status: 'stopped', step: 4 });
    expect(eventsOf('steps').flatMap((event) => event.crossEntropy)).toHaveLength(4);
    expect(events.map((event) => event.type).filter((type) => type !== 'steps')).toEqual(['started', 'epoch']);
  });

  it('stops before the first step when the flag is set already', async () => {
    const { result, events } = await run({}, { stopFlag: Int32Array.of(1) });
    expect(result).toMatchObject({ status: 'stopped', step: 0 });
    expect(events.map((event) => event.type)).toEqual(['started']);
  });

  it('ends as diverged at the first loss that is not finite', async () => {
    const { result, events, eventsOf } = await run({ batchNorm: false, learningRate: 1e18, epochs: 5 });
    expect(result.status).toBe('diverged');
    const losses = eventsOf('steps').flatMap((event) => event.crossEntropy);
    const [diverged] = eventsOf('diverged');
    expect(events.at(-1)).toBe(diverged);
    expect(diverged).toMatchObject({ step: result.step });
    expect(losses.slice(0, result.step).every((loss) => loss !== null)).toBe(true);
    expect(diverged!.lastCrossEntropy).toBe(losses[result.step - 1]);
    expect(eventsOf('done')).toEqual([]);
  });

  it('learns to read digits', async () => {
    const data = { source: 'digits', imageSize: 16, channels: 1, limit: 800 } as const;
    const { eventsOf } = await run({ data, epochs: 6, l2: 1e-4 });
    const [first, last] = [eventsOf('epoch')[0]!, eventsOf('epoch').at(-1)!];
    expect(first.validation.accuracy).toBeLessThan(0.3);
    expect(last.validation.accuracy).toBeGreaterThan(0.85);
    expect(last.train!.crossEntropy).toBeLessThan(0.3);
  });

  it('leaves no tensor behind, however it ends', async () => {
    const before = tf.memory().numTensors;
    await run({ epochs: 1, optimizer: 'adam', l2: 1e-3 });
    await run({ epochs: 1 }, { stopFlag: Int32Array.of(1) });
    await run({ batchNorm: false, learningRate: 1e18, epochs: 5 });
    const broken = run({}, { callbacks: [{ onBatchEnd: () => Promise.reject(new Error('mine')) }] });
    await expect(broken).rejects.toThrow('mine');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses an unknown model', async () => {
    await expect(run({ model: 'resNet' })).rejects.toThrow(InputError);
  });
});

describe('warmUp', () => {
  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await warmUp();
    expect(tf.memory().numTensors).toBe(before);
  });
});
