import { finite, type Metrics } from '../sweep/events.ts';
import type { BatchMetrics } from './train-step.ts';

/** Sums over the images so far, in double precision: as JSON they keep every bit. */
export interface MetricsSumState {
  images: number;
  crossEntropy: number;
  penalty: number;
  correct: number;
}

const NOTHING: MetricsSumState = { images: 0, crossEntropy: 0, penalty: 0, correct: 0 };

/** Adds batches of unequal size up to metrics of all their images. */
export class MetricsSum {
  private readonly sums: MetricsSumState;

  /** @param start Sums to go on from. */
  constructor(start = NOTHING) {
    this.sums = { ...start };
  }

  get state(): MetricsSumState {
    return { ...this.sums };
  }

  add({ crossEntropy, penalty, correct, count }: BatchMetrics): void {
    this.sums.images += count;
    this.sums.crossEntropy += crossEntropy * count;
    this.sums.penalty += penalty * count;
    this.sums.correct += correct;
  }

  /** Means over the images. Of a training epoch, the penalty is the mean over its steps. */
  mean(): Metrics {
    const { images, crossEntropy, penalty, correct } = this.sums;
    return {
      crossEntropy: finite(crossEntropy / images),
      penalty: finite(penalty / images),
      accuracy: finite(correct / images),
    };
  }
}
