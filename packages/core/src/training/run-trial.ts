import { BatchReader } from '../data/batches.ts';
import type { Dataset } from '../data/dataset.ts';
import { buildModel } from '../models/registry.ts';
import type { TrialConfig } from '../sweep/trial-config.ts';
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
}

/**
 * Runs one trial from nothing: builds the model, trains it, frees everything. Stopping and divergence are results; what is
 * thrown is a failure.
 *
 * @throws InputError if the configuration asks for a model or an engine that cannot be had.
 */
export async function runTrial(options: RunTrialOptions): Promise<TrialResult> {
  const startedAt = performance.now();
  const { config, seed, dataset, folder, ...rest } = options;
  const model = await buildModel(config, {
    inputShape: dataset.shape,
    classes: dataset.classes.length,
    seed,
    ...(folder === undefined ? {} : { folder }),
  });
  try {
    const step = await createTrainStep(config.engine, model, { name: config.optimizer, momentum: config.momentum });
    try {
      return await trainTrial({
        ...rest,
        startedAt,
        step,
        epochs: config.epochs,
        train: new BatchReader(dataset, 'train', { batchSize: config.batchSize, seed }),
        validation: new BatchReader(dataset, 'validation', { batchSize: config.batchSize }),
        learningRate: constantLearningRate(config.learningRate),
      });
    } finally {
      step.dispose();
    }
  } finally {
    model.dispose();
  }
}
