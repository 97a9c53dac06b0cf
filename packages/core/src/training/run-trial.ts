import { BatchReader } from '../data/batches.ts';
import type { Dataset } from '../data/dataset.ts';
import { buildModel } from '../models/registry.ts';
import type { TrialConfig } from '../sweep/trial-config.ts';
import type { Checkpoint } from './checkpoint-file.ts';
import { CheckpointStore } from './checkpoint-store.ts';
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
  /** Keeps the state after every epoch in this folder. @defaultValue nothing is kept */
  checkpointFolder?: string;
  /** Epoch in that folder to go on from. If its file is missing or torn, the trial starts from nothing. */
  resumeFrom?: number;
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
  const { config, seed, dataset, folder, checkpointFolder, resumeFrom, ...rest } = options;
  const store = checkpointFolder === undefined ? undefined : new CheckpointStore(checkpointFolder);
  const resume = resumeFrom === undefined ? undefined : store?.load(resumeFrom);
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

const keep = (store: CheckpointStore, checkpoint: Checkpoint): void =>
  store.save(checkpoint, checkpoint.validation === checkpoint.bestValidation);
