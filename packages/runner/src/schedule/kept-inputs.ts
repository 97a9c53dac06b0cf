import {
  cellOf,
  type DataConfig,
  InputError,
  type SweepPlan,
  type SweepState,
  type TrialConfig,
  type TrialState,
} from '@l2bn/core/sweep';
import type { DatasetSummary } from '../engine/messages.ts';
import type { ModelModule } from '../engine/model-modules.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical-json.ts';
import { distinctData } from '../plan/distinct-data.ts';

/** Something that trials are made from and that can change while their configuration stays the same. */
export interface SweepInput {
  /** Name in the ledger. */
  key: string;
  /** Of its content, hex. */
  hash: string;
  /** Key of the sweep file. */
  path: string;
  /** What it is now, and what it is to be. */
  got: string;
  want: string;
  isOf: (config: TrialConfig) => boolean;
}

/** Name of a data set's hash in the ledger. */
export const dataKey = (config: DataConfig): string => `data ${JSON.stringify(config)}`;

/** `datasets` are those of `distinctData(plan)`, in its order. */
export function dataInputs(plan: SweepPlan, datasets: readonly Pick<DatasetSummary, 'name' | 'hash'>[]): SweepInput[] {
  const configs = distinctData(plan);
  return datasets.map(({ name, hash }, index) => ({
    key: dataKey(configs[index]!),
    hash,
    path: 'config.data',
    got: `${name} with other images or labels than before`,
    want: 'the data of the first run',
    isOf: ({ data }) => canonicalJson(data) === canonicalJson(configs[index]),
  }));
}

/** Name of a module's hash in the ledger. */
export const modelKey = (model: string): string => `model ${model}`;

export const modelInputs = (modules: readonly ModelModule[]): SweepInput[] =>
  modules.map(({ model, hash }) => ({
    key: modelKey(model),
    hash,
    path: 'config.model',
    got: `${model}, which was edited since`,
    want: 'the module of the first run, or the word that both may stand side by side: l2bn retry --accept-edited-model',
    isOf: (config) => config.model === model,
  }));

/**
 * Results from other data or another model than those that are there cannot stand beside new ones. Where nothing came of the
 * old ones yet — all trials failed, and the module was mended — the new ones take their place.
 */
export function changedInputs(
  ledger: Pick<Ledger, 'keep' | 'replace'>,
  state: SweepState,
  inputs: readonly SweepInput[],
): InputError | undefined {
  const problems = inputs.flatMap(({ key, hash, path, got, want, isOf }) => {
    const kept = ledger.keep(key, hash);
    if (kept === hash) return [];
    if (!state.trials.some((trial) => hasOutcomeOrCheckpoint(trial) && isOf(cellOf(state.plan, trial.cell)!.config))) {
      ledger.replace(key, hash);
      return [];
    }
    return [
      {
        path,
        got: `${got} (hash ${hash.slice(0, 12)}, was ${kept.slice(0, 12)})`,
        want: `${want}; use --output for another folder, or --fresh to set the old results aside`,
      },
    ];
  });
  return problems.length === 0 ? undefined : new InputError(...problems);
}

/** Whether a trial has what it was trained to: nothing changes that any more. */
export const hasOutcome = ({ status }: TrialState): boolean =>
  status === 'done' || status === 'diverged' || status === 'pruned';

/** Whether a trial has a result, or a checkpoint that it would go on from. */
export const hasOutcomeOrCheckpoint = (trial: TrialState): boolean => hasOutcome(trial) || trial.checkpoint !== null;
