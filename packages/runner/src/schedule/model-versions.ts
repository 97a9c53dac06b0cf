import { cellOf, type SweepPlan, type SweepState, type TrialState } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { modelModule, userModels } from '../engine/model-modules.ts';
import { modelKey } from './kept-inputs.ts';

/** Name in the ledger of the versions of modules that the sweep does not go on with. */
export const OLDER_VERSIONS = 'older model versions';

const OlderVersionSchema = v.object({
  /** As `config.model` names it. */
  model: v.string(),
  hash: v.string(),
  /** By the id of each trial that was trained with it, the number of its last attempt then. */
  attempts: v.record(v.string(), v.number()),
});

/** A version of a user's module that trials were trained with before it was edited, and the edited one accepted. */
export type OlderVersion = v.InferOutput<typeof OlderVersionSchema>;

/** A module with results of more than one version, or of one that is not the present one. */
export interface MixedModel {
  model: string;
  /** Results of older versions. */
  older: number;
  /** Results of the model in all. */
  results: number;
}

/** A module that is another than the results were made with. */
export interface EditedModel {
  model: string;
  hash: string;
  was: string;
}

/** `text` is what the ledger keeps; none in a sweep whose modules have always been the same. */
export const olderVersionsIn = (text: string | undefined): OlderVersion[] =>
  text === undefined ? [] : v.parse(v.array(OlderVersionSchema), JSON.parse(text));

export const modelOf = (plan: SweepPlan, { cell }: Pick<TrialState, 'cell'>): string =>
  cellOf(plan, cell)!.config.model;

/** Whether a trial has what it was trained to: nothing changes that any more. */
export const hasOutcome = ({ status }: TrialState): boolean =>
  status === 'done' || status === 'diverged' || status === 'pruned';

/** Whether the last attempt at a trial was with an older version of its model. */
export const isOfOlder = (versions: readonly OlderVersion[], { id, attempt }: TrialState): boolean =>
  versions.some(({ attempts }) => attempts[id] === attempt);

/** What nobody who looks at the results may be left to find out. */
export function mixedModels({ plan, trials }: SweepState, versions: readonly OlderVersion[]): MixedModel[] {
  const models = [...new Set(versions.map(({ model }) => model))];
  return models.flatMap((model) => {
    const results = trials.filter((trial) => hasOutcome(trial) && modelOf(plan, trial) === model);
    const older = results.filter((trial) => isOfOlder(versions, trial)).length;
    return older === 0 ? [] : [{ model, older, results: results.length }];
  });
}

/** One sentence of each. */
export const mixedText = ({ model, older, results }: MixedModel): string =>
  `${older} of ${results} results ${older === 1 ? 'is' : 'are'} of another version of ${model} than it has now`;

/**
 * The user's modules that have changed since the ledger took down what they were.
 *
 * @param kept What the ledger keeps by a key.
 */
export function editedModels(
  plan: SweepPlan,
  baseDirectory: string,
  kept: (key: string) => string | undefined,
): EditedModel[] {
  return userModels(plan).flatMap((model) => {
    const was = kept(modelKey(model));
    const { hash } = modelModule(model, baseDirectory);
    return was === undefined || was === hash ? [] : [{ model, hash, was }];
  });
}
