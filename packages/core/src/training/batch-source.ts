import type { Batch } from './train-step.ts';

/** Where the trainer gets its batches; `BatchReader` is one. */
export interface BatchSource {
  /** Steps of an epoch. */
  readonly batchesPerEpoch: number;
  /** The batches of an epoch, in its order. The arrays of one may be reused by the next. */
  epoch(epoch: number): Iterable<Batch>;
}
