import { cellOf, type SweepPlan, type SweepState, type TrialEventOf, type TrialState } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { modelModule, userModels } from '../engine/model-modules.ts';
import { hasOutcome, modelKey } from './kept-inputs.ts';

/** Name in the ledger of the versions that modules have had. */
const OLDER_VERSIONS = 'older model versions';

const OlderVersionSchema = v.object({
  /** As `config.model` names it. */
  model: v.string(),
  hash: v.string(),
  /** By the id of each trial that was trained with it, the number of its last attempt then. */
  attempts: v.record(v.string(), v.number()),
});

/** A version of a user's module that trials were trained with before it was edited, and the edited one accepted. */
type OlderVersion = v.InferOutput<typeof OlderVersionSchema>;

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
  /** Of its file as it is now. */
  hash: string;
  /** Of what the sweep has gone on with so far. */
  was: string;
}

/** A value that the ledger keeps beside the events, by its name. */
export type Kept = (key: string) => string | undefined;

export const modelOf = (plan: SweepPlan, { cell }: Pick<TrialState, 'cell'>): string =>
  cellOf(plan, cell)!.config.model;

/** Which version of its module each trial was trained with, as the ledger of a sweep tells. */
export class ModelVersions {
  private readonly kept: Kept;
  private readonly before: readonly OlderVersion[];
  /** Hashes of what the sweep goes on with, by model. */
  private readonly present = new Map<string, string | undefined>();

  /** @param before Versions that modules have had. @defaultValue those that the ledger keeps */
  constructor(kept: Kept, before = olderVersionsIn(kept(OLDER_VERSIONS))) {
    this.kept = kept;
    this.before = before;
  }

  /**
   * Whether the last attempt at a trial was with another version of its module than the sweep goes on with. One that is back to
   * what it was once is no other.
   */
  isOlder({ id, attempt }: Pick<TrialState, 'id' | 'attempt'>): boolean {
    return this.before.some(
      ({ model, hash, attempts }) => attempts[id] === attempt && hash !== this.presentHash(model),
    );
  }

  /** What nobody who looks at the results may be left to find out. */
  mixed({ plan, trials }: SweepState): MixedModel[] {
    const models = [...new Set(this.before.map(({ model }) => model))];
    return models.flatMap((model) => {
      const results = trials.filter((trial) => hasOutcome(trial) && modelOf(plan, trial) === model);
      const older = results.filter((trial) => this.isOlder(trial)).length;
      return older === 0 ? [] : [{ model, older, results: results.length }];
    });
  }

  /** The user's modules whose files are not what the sweep has gone on with so far. */
  edited(plan: SweepPlan, baseDirectory: string): EditedModel[] {
    return userModels(plan).flatMap((model) => {
      const was = this.kept(modelKey(model));
      const { hash } = modelModule(model, baseDirectory);
      return was === undefined || was === hash ? [] : [{ model, hash, was }];
    });
  }

  /**
   * The versions once the sweep goes on with edited modules.
   *
   * @param keep Writes a value into the ledger, under a name. The hashes of the modules are left to be written, as the last of
   *   all: who is killed before finds the modules edited still, and comes to the same.
   */
  accept(state: SweepState, edited: readonly EditedModel[], keep: (key: string, text: string) => void): ModelVersions {
    const present = new Map(edited.map(({ model, hash }) => [modelKey(model), hash]));
    const before = [...this.before, ...edited.map((each) => this.versionBefore(state, each))];
    if (edited.length > 0) keep(OLDER_VERSIONS, JSON.stringify(before));
    return new ModelVersions((key) => present.get(key) ?? this.kept(key), before);
  }

  /** What of a trial that is put back is recorded. Where it would go on with another version, it begins anew. */
  requeued(trial: Pick<TrialState, 'id' | 'attempt'>): TrialEventOf<'requeued'> {
    const { id, attempt } = trial;
    return { type: 'requeued', trial: id, attempt, ...(this.isOlder(trial) ? { anew: true } : {}) };
  }

  private presentHash(model: string): string | undefined {
    if (!this.present.has(model)) this.present.set(model, this.kept(modelKey(model)));
    return this.present.get(model);
  }

  private versionBefore(state: SweepState, { model, was }: EditedModel): OlderVersion {
    const isKnown = ({ id, attempt }: TrialState) => this.before.some(({ attempts }) => attempts[id] === attempt);
    const trained = state.trials.filter(
      (trial) => trial.attempt > 0 && modelOf(state.plan, trial) === model && !isKnown(trial),
    );
    return { model, hash: was, attempts: Object.fromEntries(trained.map(({ id, attempt }) => [id, attempt])) };
  }
}

/** One sentence of each. */
export const mixedText = ({ model, older, results }: MixedModel): string =>
  `${older} of ${results} results ${older === 1 ? 'is' : 'are'} of another version of ${model} than it has now`;

/** None in a sweep whose modules have always been the same. */
const olderVersionsIn = (text: string | undefined): OlderVersion[] =>
  text === undefined ? [] : v.parse(v.array(OlderVersionSchema), JSON.parse(text));
