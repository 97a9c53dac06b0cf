import { describe, InputError } from '../../input-error.ts';
import type { LossConfig, LossLowering } from './loss.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from './softmax-cross-entropy.ts';

/** @throws InputError if the smoothing is not in [0, 1). */
export function lossLowering(loss: LossConfig): LossLowering {
  if (loss.name === 'meanSquaredError') return meanSquaredError;
  const smoothing = loss.labelSmoothing ?? 0;
  if (!(smoothing >= 0 && smoothing < 1)) {
    throw new InputError({ path: 'loss.labelSmoothing', got: describe(smoothing), want: '0 ≤ x < 1' });
  }
  return loss.name === 'softmaxCrossEntropy' ? softmaxCrossEntropy(smoothing) : sparseSoftmaxCrossEntropy(smoothing);
}
