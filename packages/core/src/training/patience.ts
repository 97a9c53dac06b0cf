/** What of a `Patience` goes into a checkpoint. */
export interface PatienceState {
  /** Lowest value so far; null before the first epoch, as JSON has no infinity. */
  best: number | null;
  /** Epochs since. */
  wait: number;
}

/**
 * Tells when a loss has stopped falling: after `limit` epochs that were no lower than the best before them, as
 * `keras.callbacks.EarlyStopping` with `min_delta=0` counts. Like there, the state before training is not an epoch: with Batch
 * Normalization the first epochs can validate worse than a network that knows nothing.
 */
export class Patience {
  private readonly limit: number;
  private best: number;
  private wait: number;

  /** @param limit Epochs, at least 1; infinity never ends anything. */
  constructor(limit: number, { best, wait }: PatienceState = { best: null, wait: 0 }) {
    this.limit = limit;
    this.best = best ?? Number.POSITIVE_INFINITY;
    this.wait = wait;
  }

  get isSpent(): boolean {
    return this.wait >= this.limit;
  }

  get state(): PatienceState {
    return { best: Number.isFinite(this.best) ? this.best : null, wait: this.wait };
  }

  /** Takes the value of one more epoch. */
  add(value: number): void {
    if (value < this.best) {
      this.best = value;
      this.wait = 0;
    } else {
      this.wait++;
    }
  }
}
