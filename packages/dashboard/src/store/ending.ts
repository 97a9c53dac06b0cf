import { formatPruning, type TrialState } from '@l2bn/core/sweep';
import { formatCount } from './format.ts';

/** How a trial ended before its last step, and where: `diverged at step 148`, `pruned after epoch 4`; else its status. */
export function ending({ status, divergence, pruning }: TrialState): string {
  if (status === 'diverged' && divergence !== null) return `diverged at step ${formatCount(divergence.step)}`;
  if (status === 'pruned' && pruning !== null) return `pruned after epoch ${pruning.epoch}`;
  return status;
}

/** The same with the reason of a pruning. */
export const endingWithReason = (trial: TrialState): string =>
  trial.status === 'pruned' && trial.pruning !== null
    ? `${ending(trial)}: ${formatPruning(trial.pruning)}`
    : ending(trial);
