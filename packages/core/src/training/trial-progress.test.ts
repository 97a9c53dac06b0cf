import { expect, it } from 'vitest';
import { TrialProgress } from './trial-progress.ts';

const state = { step: 0, weights: [], slots: {} };

it('says what a checkpoint says of it, and is told the same by one', () => {
  const progress = new TrialProgress(2);
  progress.epochDone(0, 3);
  progress.stepDone(0.5);
  progress.epochDone(1, 4);
  const checkpoint = progress.checkpoint(1, {
    batches: 1,
    sum: { images: 1, crossEntropy: 1, penalty: 0, correct: 1 },
  });
  expect(checkpoint).toEqual({
    epoch: 1,
    step: 1,
    lastCrossEntropy: 0.5,
    validation: 4,
    bestValidation: 3,
    patience: { best: 4, wait: 0 },
    begun: { batches: 1, sum: { images: 1, crossEntropy: 1, penalty: 0, correct: 1 } },
  });
  const { begun: _, ...atEpoch } = checkpoint;
  expect(new TrialProgress(2, { ...checkpoint, state }).checkpoint(1)).toEqual(atEpoch);
});

it('waits for no epoch without a limit, and for none before the first', () => {
  const patient = new TrialProgress(undefined);
  const impatient = new TrialProgress(1);
  for (const epoch of [0, 1, 2]) {
    expect(impatient.isOutOfPatience).toBe(false);
    for (const progress of [patient, impatient]) progress.epochDone(epoch, 1);
  }
  expect(patient.checkpoint(2)).not.toHaveProperty('patience');
  expect(patient.isOutOfPatience).toBe(false);
  expect(impatient.isOutOfPatience).toBe(true);
});
