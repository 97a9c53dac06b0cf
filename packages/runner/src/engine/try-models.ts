import { buildModel, clearGraphCache, createTrainStep, type Dataset } from '@l2bn/core';
import { type DataConfig, InputError, type InputProblem, type TrialConfig, TrialConfigSchema } from '@l2bn/core/sweep';
import type { ModelTrial } from './messages.ts';

/**
 * Builds each model, makes what would train it and frees both, so that a sweep is refused as a whole before its first
 * trial, not trial by trial.
 *
 * @throws InputError with every problem of every model, by the key of the sweep file.
 */
export async function tryModels(
  models: readonly ModelTrial[],
  datasetOf: (config: DataConfig) => Dataset,
  baseDirectory: string,
): Promise<void> {
  const found = new Map<string, { problem: InputProblem; by: ModelTrial[] }>();
  for (const model of models) {
    for (const problem of await problemsOf(model, datasetOf(model.config.data), baseDirectory)) {
      const key = JSON.stringify([model.config.model, problem]);
      const before = found.get(key);
      if (before === undefined) found.set(key, { problem: inConfig(problem, model.config), by: [model] });
      else before.by.push(model);
    }
  }
  clearGraphCache();
  if (found.size > 0) throw new InputError(...[...found.values()].map((entry) => inCell(entry, models)));
}

async function problemsOf(
  { config, seed }: ModelTrial,
  { shape, classes }: Dataset,
  folder: string,
): Promise<readonly InputProblem[]> {
  const { optimizer: name, momentum, engine } = config;
  try {
    const model = await buildModel(config, { inputShape: shape, classes: classes.length, seed, folder });
    try {
      (await createTrainStep(engine, model, { optimizer: { name, momentum }, seed })).dispose();
    } finally {
      model.dispose();
    }
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    // Nothing but the user's model is new here: what throws in it is its own.
    return [
      { path: 'model', got: `${config.model}: ${String(error)}`, want: `a model that engine ${engine} can train` },
    ];
  }
}

function inConfig({ path = '', got, want }: InputProblem, { model }: TrialConfig): InputProblem {
  if (path in TrialConfigSchema.entries) return { path: `config.${path}`, got, want };
  return { path: 'config.model', got: `${model}, ${path}: ${got}`, want };
}

/** Names the first cell that has the problem, unless all of its model have it. */
function inCell(
  { problem, by }: { problem: InputProblem; by: ModelTrial[] },
  all: readonly ModelTrial[],
): InputProblem {
  const [{ config, cell } = all[0]!] = by;
  const isEverywhere = by.length === all.filter((other) => other.config.model === config.model).length;
  return isEverywhere || cell === null ? problem : { ...problem, got: `${problem.got} (${cell})` };
}
