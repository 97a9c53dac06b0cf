import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { addFile, cifarRecord, dataConfig, idxFile, refusal, testFolder } from './fixtures/test-data.ts';
import { loadDataset } from './load-dataset.ts';

const here = { baseDirectory: '.' };
const load = (input: Parameters<typeof dataConfig>[0], options = here) => loadDataset(dataConfig(input), options);
const countsOf = (labels: ArrayLike<number>, classes: number) => {
  const counts = new Array<number>(classes).fill(0);
  for (const label of Array.from(labels)) counts[label] = (counts[label] as number) + 1;
  return counts;
};

/** A folder of CIFAR-10 batches: 50 training images whose red is their number, ten of each of five classes, 4 test ones. */
async function cifarFolder(): Promise<string> {
  const folder = await testFolder();
  for (let batch = 0; batch < 5; batch++) {
    const records = Array.from({ length: 10 }, (_, index) => cifarRecord(batch, 10 * batch + index, 0, 0));
    await addFile(join(folder, `data_batch_${batch + 1}.bin`), Buffer.concat(records));
  }
  const test = [200, 201, 202, 203].map((red) => cifarRecord(red % 10, red, 0, 0));
  await addFile(join(folder, 'test_batch.bin'), Buffer.concat(test));
  return folder;
}

const reds = (pixels: Uint8Array, count: number) =>
  Array.from({ length: count }, (_, index) => pixels[index * (pixels.length / count)] as number);

describe('loadDataset', () => {
  it('loads the digits by default: 32×32 in colour, a fifth of each class held out', async () => {
    const { name, classes, shape, scale, offset, train, validation, hash } = await load({});
    expect([name, classes.length, shape, train.count, validation.count]).toEqual([
      'digits',
      10,
      [32, 32, 3],
      1438,
      359,
    ]);
    expect([255 * scale + offset, offset]).toEqual([1, -1]);
    expect(train.pixels.length).toBe(1438 * 32 * 32 * 3);
    countsOf(validation.labels, 10).forEach((held, label) => {
      const all = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180][label] as number;
      expect(Math.abs(held - all / 5)).toBeLessThanOrEqual(1.5);
    });
    // A new number here means that stored sweeps are told "the data changed": only ever on purpose.
    expect(hash).toBe('8ab9e0e3db90c0c42744f65eff957f4624839135d245dd6d612871831cb1b05e');
  });

  it('holds out by splitSeed, not by the size or the limit', async () => {
    const labelsOf = async (input: Parameters<typeof dataConfig>[0]) =>
      [...(await load(input)).validation.labels].join();
    const first = await labelsOf({ imageSize: 8 });
    expect(await labelsOf({ imageSize: 9, channels: 1, limit: 10 })).toBe(first);
    expect(await labelsOf({ imageSize: 8, splitSeed: 1 })).not.toBe(first);
  });

  it('uses a test part as it lies, and the whole training part in balanced order', async () => {
    const folder = await cifarFolder();
    const { train, validation } = await load({ source: 'cifar10', path: folder });
    expect(reds(validation.pixels, validation.count)).toEqual([200, 201, 202, 203]);
    const order = reds(train.pixels, train.count);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect([...train.labels]).toEqual(order.map((red) => Math.floor(red / 10)));
    const ten = await load({ source: 'cifar10', path: folder, limit: 10 });
    expect(countsOf(ten.train.labels, 5)).toEqual([2, 2, 2, 2, 2]);
    expect(reds(ten.train.pixels, 10)).toEqual(order.slice(0, 10));
  });

  it('leaves a test part unread when a share is held out', async () => {
    const { train, validation } = await load({ source: 'cifar10', path: await cifarFolder(), validation: 0.3 });
    const all = [...reds(train.pixels, train.count), ...reds(validation.pixels, validation.count)];
    expect([train.count, validation.count]).toEqual([35, 15]);
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('reads IDX files relative to the base directory, and normalises to 0…1 when asked', async () => {
    const folder = await testFolder({
      'mnist/train-images-idx3-ubyte': idxFile(
        [4, 8, 8],
        Array.from({ length: 256 }, (_, index) => index),
      ),
      'mnist/train-labels-idx1-ubyte': idxFile([4], [0, 1, 1, 0]),
    });
    const config = { source: 'idx', path: 'mnist', imageSize: 8, channels: 1, normalization: 'unit' } as const;
    const { name, train, validation, scale, offset } = await load(config, { baseDirectory: folder });
    expect([name, train.count, validation.count, 255 * scale, offset]).toEqual(['mnist', 3, 1, 1, 0]);
    const firsts = [...reds(train.pixels, 3), ...reds(validation.pixels, 1)];
    expect(firsts.sort((a, b) => a - b)).toEqual([0, 64, 128, 192]);
  });

  it('hashes images, labels and class names', async () => {
    const folder = await cifarFolder();
    const hash = async () => (await load({ source: 'cifar10', path: folder })).hash;
    const before = await hash();
    expect(await hash()).toBe(before);
    const file = join(folder, 'test_batch.bin');
    const record = (label: number, red: number) =>
      Buffer.concat([200, 201, 202].map((r) => cifarRecord(r % 10, r, 0, 0)).concat(cifarRecord(label, red, 0, 0)));
    await addFile(file, record(3, 203));
    expect(await hash()).toBe(before);
    await addFile(file, record(4, 203));
    const relabelled = await hash();
    await addFile(file, record(3, 204));
    const repainted = await hash();
    await addFile(file, record(3, 203));
    await addFile(join(folder, 'batches.meta.txt'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n');
    expect(new Set([before, relabelled, repainted, await hash()]).size).toBe(4);
  });

  it('lets the event loop turn while it fills', async () => {
    let turns = 0;
    const counter = setInterval(() => turns++, 0);
    await load({ source: 'synthetic', images: 4_000, imageSize: 16 });
    clearInterval(counter);
    expect(turns).toBeGreaterThan(2);
  });

  it('is one memory for all threads', async () => {
    const dataset = await load({ imageSize: 8 });
    const before = [...dataset.train.pixels.subarray(0, 16)];
    const worker = new Worker(new URL('./fixtures/touch-dataset.mjs', import.meta.url));
    worker.postMessage(dataset);
    const [seen] = await once(worker, 'message');
    await worker.terminate();
    expect(seen).toEqual({
      firstPixels: before,
      firstLabels: [...dataset.train.labels.subarray(0, 16)],
      classes: dataset.classes,
    });
    expect(dataset.train.pixels[5]).toBe(77);
    expect(dataset.validation.labels[3]).toBe(9);
  });

  it('refuses what cannot be, with the place in the sweep file', async () => {
    const options = { baseDirectory: '.', file: 'sweep.yaml' };
    expect(await refusal(loadDataset(dataConfig({ source: 'folder' }), options))).toContain(
      'sweep.yaml: data.path: got no path',
    );
    expect(await refusal(loadDataset(dataConfig({ imageSize: 1_000_000 }), options))).toContain(
      'sweep.yaml: data.imageSize: got 1797 images of 1000000×1000000×3 bytes',
    );
    const folder = await testFolder({
      'train-images-idx3-ubyte': idxFile([2, 1, 1], [1, 2]),
      'train-labels-idx1-ubyte': idxFile([2], [0, 9]),
    });
    expect(await refusal(load({ source: 'idx', path: folder }))).toContain('record 1: got label 9');
  });
});
