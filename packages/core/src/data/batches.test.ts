import { describe, expect, it } from 'vitest';
import { BatchReader } from './batches.ts';
import type { Dataset, ImageSet } from './dataset.ts';

/** Images of 1×2×1 pixels: image i is [i, 255 − i] and has the label i mod 3. */
function numberedImages(count: number): ImageSet {
  const pixels = Uint8Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? at / 2 : 255 - (at - 1) / 2));
  return { count, pixels, labels: Uint8Array.from({ length: count }, (_, index) => index % 3) };
}

const dataset: Dataset = {
  name: 'numbers',
  classes: ['0', '1', '2'],
  shape: [1, 2, 1],
  scale: 2 / 255,
  offset: -1,
  train: numberedImages(10),
  validation: numberedImages(3),
  hash: '',
};

/** Numbers of the images in a batch, after checking that pixels and labels belong to them. */
function imageNumbers({
  images,
  labels,
  count,
}: {
  images: Float32Array;
  labels: Int32Array;
  count: number;
}): number[] {
  expect([images.length, labels.length]).toEqual([2 * count, count]);
  return Array.from({ length: count }, (_, position) => {
    const number = Math.round(((images[2 * position] as number) + 1) * 127.5);
    expect(images[2 * position]).toBe(Math.fround((number * 2) / 255 - 1));
    expect(images[2 * position + 1]).toBe(Math.fround(((255 - number) * 2) / 255 - 1));
    expect(labels[position]).toBe(number % 3);
    return number;
  });
}

describe('BatchReader', () => {
  it('reads every image once an epoch, the last batch smaller', () => {
    const reader = new BatchReader(dataset, 'train', { batchSize: 4, seed: 1 });
    expect(reader.batchesPerEpoch).toBe(3);
    const numbers = [...numbersOf(reader, 0, 0)];
    expect(numbers.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(numbers.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('shuffles anew each epoch, the same for the same seed', () => {
    const epochs = (seed: number) =>
      [0, 1, 2].map((epoch) => {
        const reader = new BatchReader(dataset, 'train', { batchSize: 10, seed });
        return imageNumbers(reader.batch(epoch, 0)).join();
      });
    expect(epochs(5)).toEqual(epochs(5));
    expect(new Set([...epochs(5), ...epochs(6)]).size).toBe(6);
  });

  it('goes on in the middle of an epoch with the batches it would have got', () => {
    const options = { batchSize: 3, seed: 8 };
    const whole = [...numbersOf(new BatchReader(dataset, 'train', options), 4, 0)];
    const resumed = new BatchReader(dataset, 'train', options);
    resumed.batch(2, 1);
    expect([...numbersOf(resumed, 4, 2)]).toEqual(whole.slice(2));
  });

  it('evaluates in the order of the images', () => {
    const reader = new BatchReader(dataset, 'validation', { batchSize: 2 });
    expect([...numbersOf(reader, 0, 0)]).toEqual([[0, 1], [2]]);
    expect([...numbersOf(reader, 7, 0)]).toEqual([[0, 1], [2]]);
  });

  it('reuses its arrays and needs none larger than the images', () => {
    const reader = new BatchReader(dataset, 'train', { batchSize: 1_000_000, seed: 0 });
    expect(reader.batchesPerEpoch).toBe(1);
    const first = reader.batch(0, 0);
    expect(first.count).toBe(10);
    expect(reader.batch(1, 0).images.buffer).toBe(first.images.buffer);
  });

  it('maps bytes to the range of the normalisation', () => {
    const unit = { ...dataset, scale: 1 / 255, offset: 0 };
    const { images } = new BatchReader(unit, 'validation', { batchSize: 1 }).batch(0, 0);
    expect([...images]).toEqual([0, 1]);
    expect([...new BatchReader(dataset, 'validation', { batchSize: 1 }).batch(0, 0).images]).toEqual([-1, 1]);
  });

  it('refuses a batch that is not there', () => {
    const reader = new BatchReader(dataset, 'train', { batchSize: 4 });
    expect(() => reader.batch(0, 3)).toThrow(/got batch 3, want 0…2/);
    expect(() => new BatchReader(dataset, 'train', { batchSize: 0 })).toThrow(/got batchSize 0/);
  });
});

function* numbersOf(reader: BatchReader, epoch: number, first: number): Generator<number[]> {
  for (const batch of reader.epoch(epoch, first)) yield imageNumbers(batch);
}
