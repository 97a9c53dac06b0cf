import { isFinished, type SweepState, type TrialState, trialLabel } from '@l2bn/core/sweep';

/** Trials that would lose work if the sweep ended now, because their last checkpoints could not be written. */
export interface CheckpointTrouble {
  count: number;
  /** `2 trials have no checkpoint since epoch 3: ENOSPC …`. */
  text: string;
}

/** `null` when every trial that still runs, or is to run again, has its checkpoints. */
export function checkpointTrouble({ plan, trials }: SweepState): CheckpointTrouble | null {
  const without = trials.filter(({ checkpointError, status }) => checkpointError !== null && !isFinished(status));
  const [first] = without;
  if (first === undefined) return null;
  const oldest = without.reduce(
    (least, trial) => Math.min(least, trial.checkpoint?.epoch ?? 0),
    Number.POSITIVE_INFINITY,
  );
  const who = without.length === 1 ? `${trialLabel(plan, first)} has` : `${without.length} trials have`;
  return { count: without.length, text: `${who} ${lastCheckpoint(oldest)}: ${first.checkpointError}` };
}

/** The same of one trial: `no checkpoint since epoch 3: ENOSPC …`; empty when it has its checkpoints. */
export const checkpointTroubleOf = ({ checkpoint, checkpointError }: TrialState): string =>
  checkpointError === null ? '' : `${lastCheckpoint(checkpoint?.epoch ?? 0)}: ${checkpointError}`;

const lastCheckpoint = (epoch: number): string =>
  epoch === 0 ? 'no checkpoint yet' : `no checkpoint since epoch ${epoch}`;
