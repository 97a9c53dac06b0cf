import type { Metrics } from '../sweep/events.ts';
import type { BatchMetrics } from './train-step.ts';
import type { TrainingLogs } from './training-callbacks.ts';

/** What callbacks are told of a training step. */
export const batchLogs = ({ crossEntropy, penalty, correct, count }: BatchMetrics): TrainingLogs => ({
  loss: crossEntropy + penalty,
  crossEntropy,
  penalty,
  acc: correct / count,
});

/** What callbacks are told of an epoch. As Keras, `loss` and `val_loss` both hold the penalty (tfjs' own `val_loss` does not). NaN stands for what is not finite. */
export function epochLogs(train: Metrics, validation: Metrics): TrainingLogs {
  const named = ({ crossEntropy, penalty, accuracy }: Metrics, prefix: string): [string, number][] => {
    const [ce, p] = [crossEntropy ?? Number.NaN, penalty ?? Number.NaN];
    const logs = { loss: ce + p, crossEntropy: ce, penalty: p, acc: accuracy ?? Number.NaN };
    return Object.entries(logs).map(([name, value]) => [`${prefix}${name}`, value]);
  };
  return Object.fromEntries([...named(train, ''), ...named(validation, 'val_')]);
}
