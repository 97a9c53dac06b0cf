import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dataset } from './dataset.ts';

const BYTES_PER_TURN = 2 ** 24;

/**
 * SHA-256 (hex) over a JSON line of shape, classes and counts, then pixels and labels of the training part, then those of
 * the validation part. The same images split another way are another data set.
 */
export async function datasetHash(dataset: Omit<Dataset, 'hash'>): Promise<string> {
  const { shape, classes, train, validation } = dataset;
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify({ shape, classes, train: train.count, validation: validation.count })}\n`);
  for (const { pixels, labels } of [train, validation]) {
    for (let start = 0; start < pixels.length; start += BYTES_PER_TURN) {
      hash.update(pixels.subarray(start, start + BYTES_PER_TURN));
      await nextTurn();
    }
    hash.update(labels);
  }
  return hash.digest('hex');
}
