import {
  canRequeue,
  InputError,
  type InputProblem,
  isFinished,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';
import { MISSING } from '../engine/model-modules.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { hasOutcome, modelKey } from './kept-inputs.ts';
import { type EditedModel, ModelVersions, modelOf } from './model-versions.ts';

export interface RequeueOptions {
  /** What the paths of models are relative to. @defaultValue not known: no module is compared with what it was */
  baseDirectory?: string | undefined;
  /** Results of edited modules may stand beside those of what they were before. @defaultValue false */
  acceptEdited?: boolean;
  /** What helps where they may not, in the words of an error. @defaultValue the module as it was */
  advice?: string;
}

export interface Requeued {
  /** Trials that were put back. */
  count: number;
  /** Modules that the sweep goes on with from now on in another version than before. */
  accepted: string[];
}

/**
 * Puts failed and cancelled trials of a sweep that nobody runs back, one (a pruned one, too) or all. Where their module was
 * edited since they begin from nothing, and the ledger takes down which trials were trained with what it was.
 *
 * @throws LedgerInUseError if somebody runs it after all.
 * @throws InputError where a module was edited that has results, and nobody has said that both may stand side by side, or
 *   cannot be read; then nothing was put back.
 */
export function requeueInLedger(folder: string, trial: string | null, options: RequeueOptions = {}): Requeued {
  const { baseDirectory, acceptEdited = false } = options;
  const ledger = Ledger.openAsIs(folder);
  try {
    // Under the lock: until then the trial may have been put back and run, and cells may have been added.
    const { state } = readLedger(folder);
    const again = state.trials.filter(({ id, status }) => (trial ?? id) === id && canRequeue(status, trial !== null));
    const versions = new ModelVersions((key) => ledger.kept(key));
    const edited =
      baseDirectory === undefined
        ? []
        : versions
            .edited(state.plan, baseDirectory)
            .filter(({ model }) => acceptEdited || again.some((each) => modelOf(state.plan, each) === model));
    checkThere(edited);
    if (!acceptEdited) checkUnmixed(state, edited, again, options.advice);
    const present = versions.accept(state, edited, (key, text) => ledger.replace(key, text));
    for (const each of again) ledger.append(present.requeued(each));
    for (const { id, attempt, status } of waitingWithCheckpoint(state, edited)) {
      if (status === 'running' || status === 'leased') {
        ledger.append({ type: 'interrupted', trial: id, attempt, reason: 'the sweep was killed' });
      }
      ledger.append({ type: 'requeued', trial: id, attempt, anew: true });
    }
    for (const { model, hash } of edited) ledger.replace(modelKey(model), hash);
    return { count: again.length, accepted: edited.map(({ model }) => model) };
  } finally {
    ledger.close();
  }
}

/** Of a module that was edited, what new results would stand beside: results, and what would go on from a checkpoint. */
export function madeBefore(
  { plan, trials }: SweepState,
  model: string,
  again: readonly TrialState[] = [],
): TrialState[] {
  return trials.filter(
    (trial) =>
      modelOf(plan, trial) === model && !again.includes(trial) && (hasOutcome(trial) || waitsWithCheckpoint(trial)),
  );
}

/** One that is only away for a while would be taken for another version, and checkpoints be given up for it. */
function checkThere(edited: readonly EditedModel[]): void {
  const missing = edited.filter(({ hash }) => hash === MISSING);
  if (missing.length === 0) return;
  throw new InputError(
    ...missing.map(({ model }) => ({
      path: 'config.model',
      got: `${model}, which cannot be read`,
      want: 'the module that the sweep was begun with, or an edited one',
    })),
  );
}

function checkUnmixed(
  state: SweepState,
  edited: readonly EditedModel[],
  again: readonly TrialState[],
  advice = 'the module as it was',
): void {
  const problems = edited.flatMap(({ model, hash, was }): InputProblem[] => {
    const { length } = madeBefore(state, model, again);
    if (length === 0) return [];
    const trials = length === 1 ? '1 trial was' : `${length} trials were`;
    const got = `${model}, which was edited since ${trials} trained with it (hash ${hash.slice(0, 12)}, was ${was.slice(0, 12)})`;
    return [{ path: 'config.model', got, want: advice }];
  });
  if (problems.length > 0) throw new InputError(...problems);
}

const waitsWithCheckpoint = ({ status, checkpoint }: TrialState): boolean => checkpoint !== null && !isFinished(status);

/** Trials that would go on with another model than they have begun with. */
const waitingWithCheckpoint = ({ plan, trials }: SweepState, edited: readonly EditedModel[]): TrialState[] =>
  trials.filter((trial) => waitsWithCheckpoint(trial) && edited.some(({ model }) => model === modelOf(plan, trial)));
