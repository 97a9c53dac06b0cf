import { tf } from '../tensorflow.ts';
import { type Logs, readLog } from './resolve-logs.ts';

/**
 * Ends training at the first batch whose loss is NaN or infinite (`keras.callbacks.TerminateOnNaN`). For `model.fit`; a
 * trial does so by itself.
 */
export class NanStop extends tf.Callback {
  /** Where it happened, 0-based; undefined while all is well. */
  stoppedAt: { epoch: number; batch: number } | undefined;
  private epoch = 0;

  override async onTrainBegin(): Promise<void> {
    this.stoppedAt = undefined;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.epoch = epoch;
  }

  override async onBatchEnd(batch: number, logs?: Logs): Promise<void> {
    const loss = await readLog(logs, 'loss');
    if (loss === undefined || Number.isFinite(loss)) return;
    this.stoppedAt = { epoch: this.epoch, batch };
    this.model.stopTraining = true;
  }
}
