import { setImmediate as nextTurn } from 'node:timers/promises';
import { innerModel } from '../regularization/inner-model.ts';
import type { Metrics, TrialEvent, ValidationSet } from '../sweep/events.ts';
import { DROPPED } from '../sweep/stop-flag.ts';
import { type BatchSource, batchesFrom } from './batch-source.ts';
import { batchLogs, epochLogs } from './callback-logs.ts';
import type { BegunEpoch, Checkpoint } from './checkpoint-file.ts';
import type { LearningRateSchedule } from './learning-rate.ts';
import { MetricsSum } from './metrics-sum.ts';
import { StepLog } from './step-log.ts';
import type { BatchMetrics, TrainStep } from './train-step.ts';
import { type TrainingCallback, TrainingCallbacks, type TrainingLogs } from './training-callbacks.ts';
import { TrialProgress } from './trial-progress.ts';
import { hasFiniteWeights, weightsHash, weightsLine } from './weights.ts';

export interface TrainerOptions {
  /** Names of the trial in the events. */
  trial: string;
  attempt: number;
  worker: number;
  step: TrainStep;
  train: BatchSource;
  validation: BatchSource;
  /** What `validation` holds: with it, `started` says what chance makes of an accuracy. @defaultValue it does not say */
  validationSet?: ValidationSet;
  epochs: number;
  learningRate: LearningRateSchedule;
  /** Takes every event, in order, at once: it is to hand them on and return. */
  emit: (event: TrialEvent) => void;
  /**
   * Element 0 is looked at between batches; `STOPPED`, or anything but 0, stops the trial, `DROPPED` without keeping where.
   * On a SharedArrayBuffer, any thread can set it. @defaultValue nothing stops it
   */
  stopFlag?: Int32Array;
  callbacks?: readonly TrainingCallback[];
  /** Goes on from there, as `readCheckpoint` gives it; `step` is given the checkpoint's state. @defaultValue from nothing */
  resume?: Checkpoint | undefined;
  /**
   * Takes the state after every epoch, and (with `begun`) where the trial is stopped inside one, and keeps it on disk, by
   * `writeCheckpoint` for one. What it throws costs the trial this checkpoint, not its life.
   */
  saveCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Epochs without a lower validation cross-entropy after which training ends. @defaultValue it goes to the last epoch */
  patience?: number;
  /** Monotonic clock in ms. @defaultValue `performance.now` */
  now?: () => number;
  /** When the attempt started, by `now`. @defaultValue the present */
  startedAt?: number;
}

/** How a trial ended. What happened on the way is in the events. */
export type TrialResult =
  | { status: 'done'; step: number; elapsed: number; weightsHash: string }
  /** `step` counts the steps whose loss was finite. */
  | { status: 'diverged'; step: number; elapsed: number; lastCrossEntropy: number | null }
  | { status: 'stopped'; step: number; elapsed: number };

/** Trains one trial to its end: epochs × batches, metrics out as events. */
export const trainTrial = (options: TrainerOptions): Promise<TrialResult> => new Trainer(options).run();

type Ending = 'diverged' | 'stopped';

class Trainer {
  private readonly options: TrainerOptions;
  private readonly callbacks: TrainingCallbacks;
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly log: StepLog;
  private readonly progress: TrialProgress;

  constructor(options: TrainerOptions) {
    this.options = options;
    this.callbacks = new TrainingCallbacks(options.callbacks ?? []);
    this.now = options.now ?? (() => performance.now());
    this.startedAt = options.startedAt ?? this.now();
    this.log = new StepLog(this.now, options.resume?.step);
    this.progress = new TrialProgress(options.patience, options.resume);
  }

  async run(): Promise<TrialResult> {
    const { epochs, train, step, worker, resume, validationSet } = this.options;
    const stepsPerEpoch = train.batchesPerEpoch;
    const classes = step.model.outputs[0]!.shape.at(-1)!;
    const resumed = resume === undefined ? null : { epoch: resume.epoch, step: resume.step };
    this.emit({
      type: 'started',
      worker,
      totalSteps: epochs * stepsPerEpoch,
      stepsPerEpoch,
      epochs,
      classes,
      ...(validationSet === undefined ? {} : { validationSet }),
      resumed,
    });
    if (resume !== undefined) step.setState(resume.state);
    // tfjs clears this flag in `fit` only; left over from an earlier run it would end this one after an epoch.
    // Of a sequential model it is a property of the model inside, which stands only once it is built.
    innerModel(step.model).stopTraining = resume?.isLast ?? false;
    this.callbacks.attach(step.model, { epochs, steps: stepsPerEpoch });
    await this.callbacks.onTrainBegin(resume?.callbacks);
    let ending = resume === undefined ? await this.finishEpoch(0, null) : undefined;
    for (let epoch = (resume?.epoch ?? 0) + 1; epoch <= epochs && !this.progress.isOutOfPatience; epoch++) {
      const begun = epoch - 1 === resume?.epoch ? resume.begun : undefined;
      // One that was begun comes to its end, also where a callback has ended training in it.
      if (ending !== undefined || (step.model.stopTraining && begun === undefined)) break;
      ending = await this.runEpoch(epoch, begun);
    }
    step.syncModel();
    // What is stopped goes on: its callbacks are to hear of the end once, when there is one.
    if (ending !== 'stopped') await this.callbacks.onTrainEnd();
    return this.end(ending);
  }

  /** @param begun How far it was when the trial was stopped in it. */
  private async runEpoch(epoch: number, begun?: BegunEpoch): Promise<Ending | undefined> {
    this.options.step.syncModel();
    await this.callbacks.onEpochBegin(epoch - 1, begun !== undefined);
    const sum = new MetricsSum(begun?.sum);
    let index = begun?.batches ?? 0;
    for (const batch of batchesFrom(this.options.train, epoch, index)) {
      if (this.isStopped()) return this.stopInside(epoch, { batches: index, sum: sum.state });
      await this.batchHook('onBatchBegin', index, { batch: index, size: batch.count });
      const settings = { learningRate: this.options.learningRate(this.progress.step) };
      const metrics = await this.options.step.step(batch, settings);
      this.log.add(metrics);
      if (!hasFiniteLoss(metrics)) return 'diverged';
      this.progress.stepDone(metrics.crossEntropy);
      sum.add(metrics);
      await this.batchHook('onBatchEnd', index++, { batch: index - 1, size: batch.count, ...batchLogs(metrics) });
      if (this.log.isDue()) {
        this.flush();
        // Lets timers and signals of the thread in, and what a callback may have begun.
        await nextTurn();
      }
      if (this.options.step.model.stopTraining) break;
    }
    const ending = await this.finishEpoch(epoch, sum.mean());
    if (ending !== 'stopped') return ending;
    // All batches, though a callback may have ended the epoch before the last one: it is not to go on with those.
    return this.stopInside(epoch, { batches: this.options.train.batchesPerEpoch, sum: sum.state });
  }

  /** Where no batch is done yet, the checkpoint after the epoch before has it all, but what callbacks heard since. */
  private stopInside(epoch: number, begun: BegunEpoch): Ending {
    if (!this.isDropped() && (begun.batches > 0 || this.callbacks.haveState)) {
      // Whoever goes on from there must have the steps up to there.
      this.flush();
      this.checkpoint(epoch - 1, begun);
    }
    return 'stopped';
  }

  /** Validation, the `epoch` event, the callbacks. Epoch 0 is the state before the first step. */
  private async finishEpoch(epoch: number, train: Metrics | null): Promise<Ending | undefined> {
    const { step, learningRate } = this.options;
    this.flush();
    const validation = await this.validate();
    if (validation === undefined) return 'stopped';
    step.syncModel();
    this.emit({
      type: 'epoch',
      epoch,
      step: this.progress.step,
      learningRate: learningRate(Math.max(0, this.progress.step - 1)),
      train,
      validation,
      weights: weightsLine(step.model),
      elapsed: this.elapsed(),
    });
    if (train !== null) await this.callbacks.onStage('onEpochEnd', epoch - 1, epochLogs(train, validation));
    if (validation.crossEntropy === null || validation.penalty === null) return 'diverged';
    // The loss need not tell: on some CPUs TensorFlow's fused ReLU makes 0 of NaN, and the layers behind it go on with that.
    if (!hasFiniteWeights(step.model)) return 'diverged';
    this.progress.epochDone(epoch, validation.crossEntropy);
    this.checkpoint(epoch);
    return undefined;
  }

  private checkpoint(epoch: number, begun?: BegunEpoch): void {
    const { saveCheckpoint } = this.options;
    if (saveCheckpoint === undefined) return;
    const { step } = this.options;
    try {
      saveCheckpoint({
        ...this.progress.checkpoint(epoch, begun),
        ...(step.model.stopTraining ? { isLast: true } : {}),
        ...(this.callbacks.haveState ? { callbacks: this.callbacks.states } : {}),
        state: step.getState(),
      });
      this.emit({ type: 'checkpoint', epoch, step: this.progress.step });
    } catch (error) {
      this.emit({ type: 'checkpointFailed', epoch, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Undefined if stopped on the way. */
  private async validate(): Promise<Metrics | undefined> {
    const sum = new MetricsSum();
    for (const batch of this.options.validation.epoch(0)) {
      if (this.isStopped()) return undefined;
      sum.add(await this.options.step.evaluate(batch));
    }
    return sum.mean();
  }

  private async batchHook(hook: 'onBatchBegin' | 'onBatchEnd', index: number, logs: TrainingLogs): Promise<void> {
    if (!this.callbacks.has(hook)) return;
    this.options.step.syncModel();
    await this.callbacks.onStage(hook, index, logs);
  }

  private end(ending: Ending | undefined): TrialResult {
    const { step, lastCrossEntropy } = this.progress;
    this.flush();
    const elapsed = this.elapsed();
    if (ending === 'stopped') return { status: 'stopped', step, elapsed };
    if (ending === 'diverged') {
      this.emit({ type: 'diverged', step, lastCrossEntropy, elapsed });
      return { status: 'diverged', step, elapsed, lastCrossEntropy };
    }
    const hash = weightsHash(this.options.step.model);
    this.emit({ type: 'done', step, elapsed, weightsHash: hash });
    return { status: 'done', step, elapsed, weightsHash: hash };
  }

  private flush(): void {
    const steps = this.log.take();
    if (steps !== undefined) this.emit({ type: 'steps', ...steps });
  }

  private emit(event: Unnamed<TrialEvent>): void {
    const { trial, attempt } = this.options;
    this.options.emit({ trial, attempt, ...event } as TrialEvent);
  }

  private isStopped(): boolean {
    const { stopFlag } = this.options;
    return stopFlag !== undefined && Atomics.load(stopFlag, 0) !== 0;
  }

  private isDropped(): boolean {
    const { stopFlag } = this.options;
    return stopFlag !== undefined && Atomics.load(stopFlag, 0) === DROPPED;
  }

  private elapsed(): number {
    return this.now() - this.startedAt;
  }
}

type Unnamed<E> = E extends TrialEvent ? Omit<E, 'trial' | 'attempt'> : never;

const hasFiniteLoss = ({ crossEntropy, penalty }: BatchMetrics): boolean => Number.isFinite(crossEntropy + penalty);
