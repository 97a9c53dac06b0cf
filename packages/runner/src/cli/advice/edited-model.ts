import { isBuiltIn } from '@l2bn/core/preflight';
import type { SweepState } from '@l2bn/core/sweep';
import { readKept } from '../../ledger/read-ledger.ts';
import { type MixedModel, ModelVersions, modelOf } from '../../schedule/model-versions.ts';
import { madeBefore } from '../../schedule/requeue.ts';
import { resumeCommand, retryCommand } from './resume-command.ts';

export const ACCEPT_EDITED = '--accept-edited-model';

/** The ways on with a module that is another than that of the results. */
export const editedModelAdvice = (folder: string): string =>
  `the module as it was; or, to train all anew with this one, ${resumeCommand(folder)} --fresh (old results set aside), or --output FOLDER; or, to have results of both side by side, which status, table and export then say, ${retryCommand(folder)} ${ACCEPT_EDITED}`;

/**
 * What to type once a module is mended of which trials have failed, where others have results: `l2bn retry` alone would put
 * results of two versions side by side. Undefined where there are none.
 */
export function mendedModelAdvice(state: SweepState, folder: string): string | undefined {
  const failed = state.trials.filter(({ status }) => status === 'failed');
  const models = [...new Set(failed.map((trial) => modelOf(state.plan, trial)))].filter((model) => !isBuiltIn(model));
  const mixed = models.filter((model) => madeBefore(state, model).length > 0);
  if (mixed.length === 0) return undefined;
  return `If you edit ${mixed.join(', ')} to mend it: ${retryCommand(folder)} ${ACCEPT_EDITED} keeps the results that are there beside the new ones; ${resumeCommand(folder)} --fresh trains all anew.`;
}

/** Modules with results of a version that is not the present one, as the folder's ledger tells. */
export const mixedModelsIn = (folder: string, state: SweepState): MixedModel[] =>
  new ModelVersions((key) => readKept(folder, key)).mixed(state);
