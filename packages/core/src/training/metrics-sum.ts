import { finite, type Metrics } from '../sweep/events.ts';
import type { BatchMetrics } from './train-step.ts';

/** Adds batches of unequal size up to metrics of all their images. */
export class MetricsSum {
  private images = 0;
  private crossEntropy = 0;
  private penalty = 0;
  private correct = 0;

  add({ crossEntropy, penalty, correct, count }: BatchMetrics): void {
    this.images += count;
    this.crossEntropy += crossEntropy * count;
    this.penalty += penalty * count;
    this.correct += correct;
  }

  /** Means over the images. Of a training epoch, the penalty is the mean over its steps. */
  mean(): Metrics {
    return {
      crossEntropy: finite(this.crossEntropy / this.images),
      penalty: finite(this.penalty / this.images),
      accuracy: finite(this.correct / this.images),
    };
  }
}
