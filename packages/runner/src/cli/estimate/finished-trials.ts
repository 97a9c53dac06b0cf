import { join, resolve } from 'node:path';
import { InputError, isFinished, type SweepPlan } from '@l2bn/core/sweep';
import { readLedger } from '../../ledger/read-ledger.ts';
import { holdsLedger, SWEEPS, shownFolder } from '../sweep-folder.ts';

export interface FinishedTrials {
  /** Folder of results that a run of the plan would go on in. */
  folder: string;
  /** Trials of the plan that have a result there. */
  ids: ReadonlySet<string>;
}

/**
 * Trials of a plan that `l2bn run` would not run again.
 *
 * @param output Folder of results. @defaultValue `sweeps/<name>`
 */
export function finishedTrials(plan: SweepPlan, output = join(SWEEPS, plan.name)): FinishedTrials {
  const folder = shownFolder(resolve(output));
  if (!holdsLedger(folder)) return { folder, ids: new Set() };
  const planned = new Set(plan.trials.map(({ id }) => id));
  try {
    const { trials } = readLedger(folder).state;
    const over = trials.filter(({ id, status }) => planned.has(id) && isFinished(status));
    return { folder, ids: new Set(over.map(({ id }) => id)) };
  } catch (error) {
    // `run` says what is wrong with a ledger that cannot be read.
    if (error instanceof InputError) return { folder, ids: new Set() };
    throw error;
  }
}
