import type { Batch } from '../training/train-step.ts';
import type { Dataset, ImageSet } from './dataset.ts';
import { hashSeed, shuffle } from './random.ts';

export interface BatchOptions {
  /** Images a batch. The last batch of an epoch is smaller where the images do not divide evenly; it is a step like any. */
  batchSize: number;
  /**
   * Seed of the order, a new one each epoch: trials of one seed see the same batches whatever their other settings. Left
   * out (for evaluation), the images come as they lie.
   */
  seed?: number;
}

/**
 * Reads the images of one part of a data set batch by batch: pixels times scale plus offset, as float32.
 *
 * Any batch of any epoch can be read at once, so a resumed trial goes on in the middle of an epoch with the batch it would
 * have got. The arrays of a `Batch` are reused by the next.
 */
export class BatchReader {
  /** Steps of an epoch. */
  readonly batchesPerEpoch: number;
  readonly #images: ImageSet;
  readonly #imageBytes: number;
  readonly #batchSize: number;
  readonly #seed: number | undefined;
  readonly #normalized: Float32Array;
  readonly #pixels: Float32Array;
  readonly #labels: Int32Array;
  #order: Uint32Array | undefined;
  #orderEpoch: number | undefined;

  constructor(dataset: Dataset, part: 'train' | 'validation', { batchSize, seed }: BatchOptions) {
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new RangeError(`got batchSize ${batchSize}, want at least 1`);
    const [height, width, channels] = dataset.shape;
    this.#images = dataset[part];
    this.#imageBytes = height * width * channels;
    this.#batchSize = Math.min(batchSize, this.#images.count);
    this.#seed = seed;
    this.batchesPerEpoch = Math.ceil(this.#images.count / batchSize);
    this.#normalized = Float32Array.from({ length: 256 }, (_, pixel) => pixel * dataset.scale + dataset.offset);
    this.#pixels = new Float32Array(this.#batchSize * this.#imageBytes);
    this.#labels = new Int32Array(this.#batchSize);
  }

  /**
   * @param epoch Number of the epoch; decides the order only.
   * @param index 0…`batchesPerEpoch` − 1.
   */
  batch(epoch: number, index: number): Batch {
    if (!Number.isInteger(index) || index < 0 || index >= this.batchesPerEpoch) {
      throw new RangeError(`got batch ${index}, want 0…${this.batchesPerEpoch - 1}`);
    }
    const { count: images, pixels, labels } = this.#images;
    const order = this.#orderOf(epoch);
    const first = index * this.#batchSize;
    const count = Math.min(this.#batchSize, images - first);
    for (let position = 0; position < count; position++) {
      const image = order === undefined ? first + position : (order[first + position] as number);
      this.#labels[position] = labels[image] as number;
      this.#normalize(pixels, image * this.#imageBytes, position * this.#imageBytes);
    }
    return {
      images: this.#pixels.subarray(0, count * this.#imageBytes),
      labels: this.#labels.subarray(0, count),
      count,
    };
  }

  /** The batches of an epoch from `first` on. */
  *epoch(epoch: number, first = 0): Generator<Batch, void, undefined> {
    for (let index = first; index < this.batchesPerEpoch; index++) yield this.batch(epoch, index);
  }

  #normalize(pixels: Uint8Array, from: number, to: number): void {
    const normalized = this.#normalized;
    const into = this.#pixels;
    const count = this.#imageBytes;
    for (let pixel = 0; pixel < count; pixel++) {
      into[to + pixel] = normalized[pixels[from + pixel] as number] as number;
    }
  }

  #orderOf(epoch: number): Uint32Array | undefined {
    if (this.#seed === undefined) return undefined;
    if (this.#orderEpoch !== epoch) {
      this.#order = shuffle(hashSeed(this.#seed, 'shuffle', epoch), this.#images.count);
      this.#orderEpoch = epoch;
    }
    return this.#order;
  }
}
