import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  BatchReader,
  type Checkpoint,
  constantLearningRate,
  createTrainStep,
  loadDataset,
  readCheckpoint,
  smallConvNet,
  type TrialResult,
  trainTrial,
  writeCheckpoint,
} from '../index.ts';
import { trialConfig } from './fixtures/trials.ts';

const EPOCHS = 4;

it.each(['graph', 'layers'] as const)(
  'a program resumes with what the package exports, to the bit, engine %s',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'l2bn-resume-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'trial.ckpt');
    const dataset = await loadDataset(trialConfig().data, { baseDirectory: '' });

    /** Trains in a model of its own, as a program does that was started again. */
    const train = async (options: { epochs: number; resume?: Checkpoint | undefined }): Promise<TrialResult> => {
      const model = smallConvNet({ inputShape: dataset.shape, classes: dataset.classes.length, l2: 1e-3, seed: 7 });
      const step = await createTrainStep(engine, model, { optimizer: { name: 'momentum', momentum: 0.9 }, seed: 7 });
      try {
        return await trainTrial({
          trial: 'mine',
          attempt: 1,
          worker: 0,
          step,
          train: new BatchReader(dataset, 'train', { batchSize: 32, seed: 7 }),
          validation: new BatchReader(dataset, 'validation', { batchSize: 32 }),
          learningRate: constantLearningRate(0.01),
          patience: EPOCHS,
          saveCheckpoint: (checkpoint) => writeCheckpoint(file, checkpoint),
          emit: () => {},
          ...options,
        });
      } finally {
        step.dispose();
        model.dispose();
      }
    };

    const whole = await train({ epochs: EPOCHS });
    await train({ epochs: 2 });
    const resume = readCheckpoint(file);
    expect(resume).toMatchObject({ epoch: 2 });
    const resumed = await train({ epochs: EPOCHS, resume: resume! });
    expect(resumed).toMatchObject({ status: 'done', step: whole.step });
    expect(resumed).toHaveProperty('weightsHash', whole.status === 'done' ? whole.weightsHash : '');
    // There was something left to train.
    expect(resume!.step).toBeLessThan(whole.step);
    expect(readCheckpoint(join(folder, 'none.ckpt'))).toBeUndefined();
  },
);
