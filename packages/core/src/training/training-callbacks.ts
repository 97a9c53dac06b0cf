import { type Tfjs, tf } from '../tensorflow.ts';

type Hook = 'onEpochBegin' | 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd';

/** What a callback keeps in a checkpoint. */
export interface CallbackState {
  /** Anything that JSON can carry. */
  values: unknown;
  /** Weights, for one, which JSON would blow up. @defaultValue none */
  arrays?: readonly Float32Array[];
}

/** The same with the place of the callback in the list, and the name of its class: what tells it from the others. */
export interface KeptCallback extends CallbackState {
  index: number;
  name: string;
}

/** Numbers by name. Of an epoch: loss, crossEntropy, penalty, acc, and the same with `val_` before them. */
export type TrainingLogs = Record<string, number>;

/**
 * A callback of tfjs: an instance of a subclass of `tf.Callback`, or an object with some of its methods. Epochs and
 * batches are counted from 0, as `model.fit` does.
 *
 * Where training goes on from a checkpoint, a callback that has no state is told of everything as if training began there, of
 * an epoch that was begun for a second time. One with `getState` and `onTrainResume` hears everything once, however often
 * training is stopped on the way; after a kill it hears again what came after the checkpoint.
 *
 * `onTrainEnd` is for the end of training, also where `stopTraining` or a loss that is not finite brings it about. A trial that
 * the stop flag stops can go on: no callback hears of the stop, so what has to be on disk by then has to be there after each
 * hook, or after `getState`.
 */
export interface TrainingCallback {
  setModel?(model: Tfjs.LayersModel): void;
  setParams?(params: Record<string, number | string | boolean>): void;
  onTrainBegin?(logs?: TrainingLogs): void | Promise<void>;
  /** Not where the trial is stopped. It may still change the weights, to the best ones for example. */
  onTrainEnd?(logs?: TrainingLogs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: TrainingLogs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: TrainingLogs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: TrainingLogs): void | Promise<void>;
  onBatchEnd?(batch: number, logs?: TrainingLogs): void | Promise<void>;
  /** What it needs to go on as if training had never stopped. Asked for with every checkpoint, after the hooks up to there. */
  getState?(): CallbackState;
  /** Comes in the place of `onTrainBegin` where training goes on from a checkpoint with a state of this callback. */
  onTrainResume?(state: CallbackState): void | Promise<void>;
}

const emptyHooks = Object.getPrototypeOf(tf.Callback.prototype) as Record<Hook, unknown>;

/** Calls the same hook of several callbacks, one after the other, in the order given. */
export class TrainingCallbacks {
  private readonly callbacks: readonly TrainingCallback[];
  /** Those that go on from a state of theirs. */
  private readonly resumed = new Set<TrainingCallback>();

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

  /** Whether any keeps a state. */
  get haveState(): boolean {
    return this.callbacks.some(({ getState }) => getState !== undefined);
  }

  /** What goes into a checkpoint. */
  get states(): KeptCallback[] {
    return this.callbacks.flatMap((callback, index) => {
      const state = callback.getState?.();
      return state === undefined ? [] : [{ ...state, index, name: nameOf(callback) }];
    });
  }

  /** @param kept States of the checkpoint that training goes on from; those of other callbacks are of no use. */
  async onTrainBegin(kept: readonly KeptCallback[] = []): Promise<void> {
    for (const [index, callback] of this.callbacks.entries()) {
      const state = kept.find((each) => each.index === index && each.name === nameOf(callback));
      if (state === undefined || callback.onTrainResume === undefined) {
        await callback.onTrainBegin?.({});
      } else {
        this.resumed.add(callback);
        const { values, arrays } = state;
        await callback.onTrainResume({ values, ...(arrays === undefined ? {} : { arrays }) });
      }
    }
  }

  async onTrainEnd(): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.({});
  }

  /** @param isBegun Whether an earlier attempt has begun the epoch: who goes on from there has heard of it. */
  async onEpochBegin(epoch: number, isBegun: boolean): Promise<void> {
    for (const callback of this.callbacks) {
      if (!(isBegun && this.resumed.has(callback))) await callback.onEpochBegin?.(epoch, {});
    }
  }

  async onStage(hook: 'onEpochEnd' | 'onBatchBegin' | 'onBatchEnd', index: number, logs: TrainingLogs): Promise<void> {
    for (const callback of this.callbacks) await callback[hook]?.(index, logs);
  }
}

const nameOf = (callback: TrainingCallback): string => callback.constructor.name;
