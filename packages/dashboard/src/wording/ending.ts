import { formatPruning, type TrialState, type TrialStatus } from '@l2bn/core/sweep';
import { formatCount } from './format.ts';

/** A status as people say it: `leased` is a matter between scheduler and worker. */
export const statusName = (status: TrialStatus): string => (status === 'leased' ? 'starting' : status);

/** The epoch after which patience ended a trial that is done; `null` for one that was trained to its last step. */
export function stoppedEarly({ status, step, totalSteps, epochs }: TrialState): number | null {
  return status === 'done' && step < totalSteps ? (epochs.at(-1)?.epoch ?? null) : null;
}

/**
 * How a trial ended before its last step, and where: `diverged at step 148`, `pruned after epoch 4`,
 * `done, stopped early after epoch 7`; else its status.
 */
export function ending(trial: TrialState): string {
  const { status, divergence, pruning } = trial;
  const last = stoppedEarly(trial);
  if (last !== null) return `done, stopped early after epoch ${last}`;
  if (status === 'diverged' && divergence !== null) return `diverged at step ${formatCount(divergence.step)}`;
  if (status === 'pruned' && pruning !== null) return `pruned after epoch ${pruning.epoch}`;
  return statusName(status);
}

/** The same with the reason of a pruning. */
export const endingWithReason = (trial: TrialState): string =>
  trial.status === 'pruned' && trial.pruning !== null
    ? `${ending(trial)}: ${formatPruning(trial.pruning)}`
    : ending(trial);
