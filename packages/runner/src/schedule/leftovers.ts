import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFinished, type SweepState, type TrialState } from '@l2bn/core/sweep';

const BEST = 'best.ckpt';
const EPOCH_FILE = /^epoch-(\d+)\.ckpt$/;
/** Everything that a trial's `CheckpointStore` ever makes, half written or whole; what others have put there stays. */
const CHECKPOINT_FILE = /^(epoch-\d+(-stopped)?\.ckpt(\.tmp)?|best\.(ckpt|tmp))$/;

type Ended = Pick<TrialState, 'checkpoint' | 'stepsPerEpoch'>;

/**
 * Leaves of the checkpoints of a trial that has ended what somebody may still use: the one that the ledger names, from which a
 * failed, cancelled or pruned one goes on when it is put back and which of a finished one is the last, and the best one.
 * Where the ledger names none, nothing.
 *
 * Only for a trial of which no attempt runs any more. May be cut off anywhere, and be called again: which files stay follows from
 * the ledger alone. What cannot be removed stays, for the next run to try.
 *
 * @param folder The trial's own.
 */
export function removeLeftovers(folder: string, trial: Ended): void {
  const names = namesIn(folder);
  const kept = keptOf(names, trial);
  for (const name of names) {
    if (!CHECKPOINT_FILE.test(name) || kept.includes(name)) continue;
    attempt(() => rmSync(join(folder, name), { force: true }));
  }
  // Not where others have put something into it.
  if (kept.length === 0 && names.length > 0) attempt(() => rmdirSync(folder));
}

/**
 * The same for every trial of a sweep that has ended: a coordinator that was killed may not have come to it.
 *
 * @param folder Of the checkpoints of all trials.
 */
export function removeAllLeftovers(folder: string, { trials }: SweepState): void {
  const present = new Set(namesIn(folder));
  for (const trial of trials) {
    if (present.has(trial.id) && isFinished(trial.status)) removeLeftovers(join(folder, trial.id), trial);
  }
}

function keptOf(names: readonly string[], { checkpoint, stepsPerEpoch }: Ended): string[] {
  if (checkpoint === null) return [];
  const { epoch, step } = checkpoint;
  const stopped = `epoch-${epoch}-stopped.ckpt`;
  // One that is missing is made up for by the last before it; one that is damaged is not, and its trial begins anew.
  const named = step > epoch * stepsPerEpoch && names.includes(stopped) ? stopped : lastUpTo(epoch, names);
  return named === undefined ? [] : [named, BEST];
}

function lastUpTo(last: number, names: readonly string[]): string | undefined {
  const epochs = names.map((name) => Number(EPOCH_FILE.exec(name)?.[1] ?? Number.NaN)).filter((epoch) => epoch <= last);
  return epochs.length === 0 ? undefined : `epoch-${Math.max(...epochs)}.ckpt`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No checkpoint was ever made, or nobody may look.
    return [];
  }
}

function attempt(remove: () => void): void {
  try {
    remove();
  } catch {
    // A disk that has become read-only is no reason to end a sweep.
  }
}
