import { join, resolve } from 'node:path';
import { InputError, type InputProblem, isFinished, type SweepPlan, type SweepState } from '@l2bn/core/sweep';
import { LedgerFollower } from '../../ledger/ledger-follower.ts';
import { checkGrowth } from '../../ledger/plan-growth.ts';
import { holdsLedger as holdsTables } from '../../ledger/plan-record.ts';
import { changedInputs, type SweepInput } from '../../schedule/kept-inputs.ts';
import { holdsLedger, SWEEPS, shownFolder } from '../target/sweep-folder.ts';

/** What the folder of results that a run of a plan would go on in says to the run, read only. */
export interface EarlierResults {
  folder: string;
  /** Trials of the plan that have a result there. */
  finished: ReadonlySet<string>;
  /** Why a run would go on with none of it: a ledger that cannot be read, trials that the plan no longer asks for. */
  problems: readonly InputProblem[];
  /** Keys of `SweepInput` whose hash stands there. */
  kept: readonly string[];
  /** What a run would refuse of these inputs, as others than those of the results; nothing where nothing is left to run. */
  changed(inputs: readonly SweepInput[]): readonly InputProblem[];
}

/**
 * The results that `l2bn run` would go on from.
 *
 * @param output Folder of results. @defaultValue `sweeps/<name>`
 */
export function earlierResults(plan: SweepPlan, output = join(SWEEPS, plan.name)): EarlierResults {
  const absolute = resolve(output);
  const none = {
    folder: shownFolder(absolute),
    finished: new Set<string>(),
    problems: [],
    kept: [],
    changed: () => [],
  };
  if (!holdsLedger(absolute)) return none;
  try {
    return holdsTables(join(absolute, 'ledger.db')) ? { ...none, ...compared(plan, absolute) } : none;
  } catch (error) {
    if (error instanceof InputError) return { ...none, problems: error.problems };
    throw error;
  }
}

function compared(plan: SweepPlan, folder: string): Omit<EarlierResults, 'folder'> {
  const { state, recorded, kept } = readFolder(folder);
  const planned = new Set(plan.trials.map(({ id }) => id));
  const over = state.trials.filter(({ id, status }) => planned.has(id) && isFinished(status));
  const isComplete = over.length === plan.trials.length;
  return {
    finished: new Set(over.map(({ id }) => id)),
    problems: problemsOf(() => checkGrowth(join(folder, 'ledger.db'), state.plan, plan, recorded)),
    kept: [...kept.keys()],
    changed: (inputs) => {
      if (isComplete) return [];
      // Nothing is kept here: that is for the run to do.
      const ledger = { keep: (key: string, hash: string) => kept.get(key) ?? hash, replace: () => {} };
      return changedInputs(ledger, state, inputs)?.problems ?? [];
    },
  };
}

function readFolder(folder: string): { state: SweepState; recorded: Set<string>; kept: ReadonlyMap<string, string> } {
  const follower = new LedgerFollower(folder);
  try {
    const recorded = new Set<string>();
    for (const {
      recorded: { event },
    } of follower.read())
      if (event.type !== 'phase') recorded.add(event.trial);
    return { state: follower.state, recorded, kept: follower.kept };
  } finally {
    follower.close();
  }
}

function problemsOf(check: () => void): readonly InputProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
