import { type Tfjs, tf } from '../tensorflow.ts';

type Hook = 'onTrainBegin' | 'onTrainEnd' | 'onEpochBegin' | 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd';

/** Numbers by name. Of an epoch: loss, crossEntropy, penalty, acc, and the same with `val_` before them. */
export type TrainingLogs = Record<string, number>;

/**
 * A callback of tfjs: an instance of a subclass of `tf.Callback`, or an object with some of its methods. Epochs and
 * batches are counted from 0, as `model.fit` does.
 */
export interface TrainingCallback {
  setModel?(model: Tfjs.LayersModel): void;
  setParams?(params: Record<string, number | string | boolean>): void;
  onTrainBegin?(logs?: TrainingLogs): void | Promise<void>;
  onTrainEnd?(logs?: TrainingLogs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: TrainingLogs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: TrainingLogs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: TrainingLogs): void | Promise<void>;
  onBatchEnd?(batch: number, logs?: TrainingLogs): void | Promise<void>;
}

const emptyHooks = Object.getPrototypeOf(tf.Callback.prototype) as Record<Hook, unknown>;

/** Calls the same hook of several callbacks, one after the other, in the order given. */
export class TrainingCallbacks {
  private readonly callbacks: readonly TrainingCallback[];

  constructor(callbacks: readonly TrainingCallback[]) {
    this.callbacks = callbacks;
  }

  /** Whether any callback does something in this hook; what is empty costs nothing, not even a sync of the model. */
  has(hook: Hook): boolean {
    return this.callbacks.some((callback) => callback[hook] !== undefined && callback[hook] !== emptyHooks[hook]);
  }

  attach(model: Tfjs.LayersModel, params: Record<string, number>): void {
    for (const callback of this.callbacks) {
      callback.setParams?.(params);
      callback.setModel?.(model);
    }
  }

  async onTrain(hook: 'onTrainBegin' | 'onTrainEnd'): Promise<void> {
    for (const callback of this.callbacks) await callback[hook]?.({});
  }

  async onStage(hook: Exclude<Hook, 'onTrainBegin' | 'onTrainEnd'>, index: number, logs: TrainingLogs): Promise<void> {
    for (const callback of this.callbacks) await callback[hook]?.(index, logs);
  }
}
