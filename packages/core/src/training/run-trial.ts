import { BatchReader } from '../data/batches.ts';
import type { Dataset } from '../data/dataset.ts';
import { buildModel } from '../models/registry.ts';
import type { ValidationSet } from '../sweep/events.ts';
import type { TrialConfig } from '../sweep/trial-config.ts';
import type { Checkpoint } from './checkpoint-file.ts';
import { CheckpointStore, type RecordedCheckpoint } from './checkpoint-store.ts';
import { createTrainStep } from './engines.ts';
import { constantLearningRate } from './learning-rate.ts';
import { type TrainerOptions, type TrialResult, trainTrial } from './trainer.ts';

export interface RunTrialOptions
  extends Pick<TrainerOptions, 'trial' | 'attempt' | 'worker' | 'emit' | 'stopFlag' | 'callbacks'> {
  config: TrialConfig;
  /** Decides the initial weights and the order of the batches, and nothing else does. */
  seed: number;
  dataset: Dataset;
  /** Folder that the path of a model module starts from. @defaultValue the working directory */
  folder?: string;
  /**
   * Keeps the state after every epoch, and where the trial is stopped inside one, in this folder, which is made in one that is
   * there. @defaultValue nothing is kept
   */
  checkpointFolder?: string;
  /**
   * Checkpoint in that folder to go on from, by what its event said; a number is an epoch. If its file is missing, damaged or of
   * another trial, an event says so and the trial goes on from the last whole one before it, or starts from nothing.
   */
  resumeFrom?: number | RecordedCheckpoint;
  /**
   * Element 0 is the last epoch whose checkpoint event is recorded, −1 before the first of this attempt: the file that the record
   * names is kept, however far the trial is ahead. @defaultValue what was emitted is recorded
   */
  recordedEpoch?: Int32Array;
}

/**
 * Runs one trial from nothing: builds the model, trains it, frees everything. Stopping and divergence are results; what is
 * thrown is a failure.
 *
 * @throws InputError if the configuration asks for a model or an engine that cannot be had.
 * @throws what the file system says of a checkpoint to go on from that is there and cannot be read.
 */
export async function runTrial(options: RunTrialOptions): Promise<TrialResult> {
  const startedAt = performance.now();
  const { config, seed, dataset, folder, checkpointFolder, resumeFrom, recordedEpoch, ...rest } = options;
  const { trial, attempt, emit } = options;
  const store =
    checkpointFolder === undefined
      ? undefined
      : new CheckpointStore(checkpointFolder, {
          owner: { trial, seed },
          recorded: () => lastRecorded(recordedEpoch, resume?.epoch),
        });
  let resume: Checkpoint | undefined;
  if (store !== undefined && resumeFrom !== undefined) {
    const wanted = typeof resumeFrom === 'number' ? { epoch: resumeFrom } : resumeFrom;
    const { checkpoint, problem } = store.find(wanted);
    resume = checkpoint;
    if (problem !== undefined) {
      emit({ type: 'checkpointFailed', trial, attempt, epoch: wanted.epoch, error: problem });
    }
  }
  const model = await buildModel(config, {
    inputShape: dataset.shape,
    classes: dataset.classes.length,
    seed,
    ...(folder === undefined ? {} : { folder }),
  });
  try {
    const step = await createTrainStep(config.engine, model, {
      optimizer: { name: config.optimizer, momentum: config.momentum },
      seed,
    });
    try {
      const result = await trainTrial({
        ...rest,
        ...(resume === undefined ? {} : { resume }),
        ...(store === undefined ? {} : { saveCheckpoint: (checkpoint: Checkpoint) => keep(store, checkpoint) }),
        ...(config.patience === undefined ? {} : { patience: config.patience }),
        startedAt,
        step,
        epochs: config.epochs,
        train: new BatchReader(dataset, 'train', { batchSize: config.batchSize, seed }),
        validation: new BatchReader(dataset, 'validation', { batchSize: config.batchSize }),
        validationSet: countClasses(dataset),
        learningRate: constantLearningRate(config.learningRate),
      });
      if (result.status !== 'stopped') store?.keepLastAndBest();
      return result;
    } finally {
      step.dispose();
    }
  } finally {
    model.dispose();
  }
}

function countClasses({ classes, validation }: Dataset): ValidationSet {
  const counts = new Uint32Array(classes.length);
  for (const label of validation.labels) counts[label]!++;
  return { images: validation.count, largestClass: Math.max(...counts) };
}

/** A whole epoch's is the best one if none was lower. */
const keep = (store: CheckpointStore, checkpoint: Checkpoint): void =>
  store.save(checkpoint, checkpoint.validation === checkpoint.bestValidation);

/** Until something of this attempt is recorded, it is the checkpoint that the attempt goes on from. */
function lastRecorded(recordedEpoch: Int32Array | undefined, resumed = -1): number {
  if (recordedEpoch === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(resumed, Atomics.load(recordedEpoch, 0));
}
