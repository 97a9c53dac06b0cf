import type { Batch } from './train-step.ts';

/** Where the trainer gets its batches; `BatchReader` is one. */
export interface BatchSource {
  /** Steps of an epoch. */
  readonly batchesPerEpoch: number;
  /** The batches of an epoch, in its order. The arrays of one may be reused by the next. */
  epoch(epoch: number): Iterable<Batch>;
  /** The batch at an index of the epoch. Left out, going on inside an epoch reads the batches before, too. */
  batch?(epoch: number, index: number): Batch;
}

/** The batches of an epoch from the one at `first` on. */
export function* batchesFrom(source: BatchSource, epoch: number, first: number): Generator<Batch, void, undefined> {
  if (first > 0 && source.batch !== undefined) {
    for (let index = first; index < source.batchesPerEpoch; index++) yield source.batch(epoch, index);
    return;
  }
  let index = 0;
  for (const batch of source.epoch(epoch)) if (index++ >= first) yield batch;
}
