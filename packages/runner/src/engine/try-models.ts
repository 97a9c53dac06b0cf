import { buildModel, clearGraphCache, createTrainStep, type Dataset } from '@l2bn/core';
import { type DataConfig, InputError, type InputProblem, TrialConfigSchema } from '@l2bn/core/sweep';
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
  const problems = new Map<string, InputProblem>();
  for (const model of models) {
    for (const problem of await problemsOf(model, datasetOf(model.config.data), baseDirectory)) {
      // Of several cells with the same problem, the first says it for all.
      const key = JSON.stringify(problem);
      if (!problems.has(key)) problems.set(key, inCell(problem, model));
    }
  }
  clearGraphCache();
  if (problems.size > 0) throw new InputError(...problems.values());
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

function inCell({ path = '', got, want }: InputProblem, { config, cell }: ModelTrial): InputProblem {
  const where = cell === null ? '' : ` (${cell})`;
  if (path in TrialConfigSchema.entries) return { path: `config.${path}`, got: `${got}${where}`, want };
  return { path: 'config.model', got: `${config.model}, ${path}: ${got}${where}`, want };
}
