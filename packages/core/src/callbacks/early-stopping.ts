import { describe, InputError } from '../input-error.ts';
import { tf } from '../tensorflow.ts';
import type { CallbackState } from '../training/training-callbacks.ts';
import { type Logs, readLog } from './resolve-logs.ts';

export interface EarlyStoppingOptions {
  /** Which of the epoch's logs to watch. @defaultValue 'val_loss' */
  monitor?: string;
  /** Whether less or more is better. @defaultValue 'max' if the name of what is watched holds `acc`, else 'min' */
  mode?: 'min' | 'max';
  /** Change below which an epoch is no improvement. @defaultValue 0 */
  minDelta?: number;
  /** Epochs without improvement before training ends. @defaultValue 0 */
  patience?: number;
  /** Value to be beaten at all; until then the epochs count as without improvement. @defaultValue none */
  baseline?: number;
  /** Epochs at the beginning that do not count. @defaultValue 0 */
  startFromEpoch?: number;
  /** Whether the model gets the weights of its best epoch back when training ends, early or not. @defaultValue false */
  restoreBestWeights?: boolean;
}

interface KeptValues {
  best: { value: number; epoch: number } | null;
  stoppedEpoch: number | null;
  wait: number;
}

/**
 * Ends training when a metric has stopped improving, by the rules of `keras.callbacks.EarlyStopping`. tfjs' own refuses
 * `restoreBestWeights`. An epoch whose metric is NaN is no improvement. A trial that goes on from a checkpoint ends where it
 * would have ended, with the same weights.
 */
export class EarlyStopping extends tf.Callback {
  /** Best value and its epoch, 0-based; undefined before the first improvement. */
  best: { value: number; epoch: number } | undefined;
  /** Epoch that training ended after; undefined if it ran to its end. */
  stoppedEpoch: number | undefined;
  private readonly options: Required<Omit<EarlyStoppingOptions, 'baseline'>> & Pick<EarlyStoppingOptions, 'baseline'>;
  private wait = 0;
  private bestWeights: Float32Array[] | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    const monitor = options.monitor ?? 'val_loss';
    const defaults = { minDelta: 0, patience: 0, startFromEpoch: 0, restoreBestWeights: false } as const;
    this.options = { ...defaults, monitor, mode: monitor.includes('acc') ? 'max' : 'min', ...options };
  }

  override async onTrainBegin(): Promise<void> {
    this.best = undefined;
    this.stoppedEpoch = undefined;
    this.bestWeights = undefined;
    this.wait = 0;
  }

  getState(): CallbackState {
    const { best = null, stoppedEpoch = null, wait, bestWeights } = this;
    const values: KeptValues = { best, stoppedEpoch, wait };
    return { values, ...(bestWeights === undefined ? {} : { arrays: bestWeights }) };
  }

  async onTrainResume({ values, arrays }: CallbackState): Promise<void> {
    const { best, stoppedEpoch, wait } = values as KeptValues;
    this.best = best ?? undefined;
    this.stoppedEpoch = stoppedEpoch ?? undefined;
    this.wait = wait;
    this.bestWeights = arrays === undefined ? undefined : [...arrays];
  }

  /** @throws InputError if the watched metric is not among the logs. */
  override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    const { monitor, patience, baseline, startFromEpoch } = this.options;
    const value = await readLog(logs, monitor);
    if (value === undefined) {
      const want = `one of ${Object.keys(logs ?? {}).join(', ')}`;
      throw new InputError({ path: 'EarlyStopping.monitor', got: describe(monitor), want });
    }
    if (epoch < startFromEpoch) return;
    // So that there are weights to restore even if no epoch ever improves.
    if (this.bestWeights === undefined) this.keepWeights();
    this.wait++;
    if (this.isImprovement(value, this.best?.value)) {
      this.best = { value, epoch };
      this.keepWeights();
      if (this.isImprovement(value, baseline)) this.wait = 0;
      return;
    }
    if (this.wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    const { bestWeights } = this;
    if (bestWeights === undefined) return;
    tf.tidy(() => {
      this.model.setWeights(this.model.weights.map(({ shape }, i) => tf.tensor(bestWeights[i]!, shape as number[])));
    });
    this.bestWeights = undefined;
  }

  private isImprovement(value: number, reference: number | undefined): boolean {
    if (Number.isNaN(value)) return false;
    if (reference === undefined) return true;
    const { mode, minDelta } = this.options;
    return mode === 'min' ? value < reference - minDelta : value > reference + minDelta;
  }

  private keepWeights(): void {
    if (!this.options.restoreBestWeights) return;
    this.bestWeights = this.model.weights.map((weight) => weight.read().dataSync<'float32'>().slice());
  }
}
