import { buildModel, clearGraphCache, createTrainStep, type Dataset } from '@l2bn/core';
import { type DataConfig, InputError, type InputProblem } from '@l2bn/core/sweep';
import type { ModelTrial } from './messages.ts';
import { modelProblem, problemIdentity } from './model-problem.ts';

/**
 * Builds each model, compiles each kind of them and frees all, so that a sweep is refused as a whole before its first
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
  const compiled = strongestOfEach(models);
  for (const model of models) {
    const dataset = datasetOf(model.config.data);
    const problems = await problemsOf(model, dataset, baseDirectory, compiled.has(model));
    for (const [index, problem] of problems.entries()) {
      const key = problemIdentity(problem, index, model.config.model);
      const before = found.get(key);
      if (before === undefined) found.set(key, { problem: modelProblem(problem, model.config.model), by: [model] });
      else before.by.push(model);
    }
  }
  clearGraphCache();
  if (found.size > 0) throw new InputError(...[...found.values()].map((entry) => inCell(entry, models)));
}

/**
 * The models that are compiled as well, which takes ten times as long as to build them: for everything that decides of which
 * layers, optimizer and penalty they are, one.
 */
function strongestOfEach(models: readonly ModelTrial[]): Set<ModelTrial> {
  const strongest = new Map<string, ModelTrial>();
  for (const trial of models) {
    const { model, engine, optimizer, batchNorm, l2 } = trial.config;
    const key = JSON.stringify([model, engine, optimizer, batchNorm]);
    if (l2 > (strongest.get(key)?.config.l2 ?? -1)) strongest.set(key, trial);
  }
  return new Set(strongest.values());
}

async function problemsOf(
  { config, seed }: ModelTrial,
  { shape, classes }: Dataset,
  folder: string,
  isCompiled: boolean,
): Promise<readonly InputProblem[]> {
  const { optimizer: name, momentum, engine } = config;
  try {
    const options = { inputShape: shape, classes: classes.length, seed, folder };
    const model = await withoutExit(() => buildModel(config, options));
    try {
      if (isCompiled) (await createTrainStep(engine, model, { optimizer: { name, momentum }, seed })).dispose();
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

/** A model's `process.exit` is an error of the model: it would end this process without a word of why. */
async function withoutExit<T>(action: () => Promise<T>): Promise<T> {
  const { exit } = process;
  process.exit = (code) => {
    // Not the model's: nobody waits for what comes out here any more.
    if (!process.connected) return exit.call(process, code);
    throw new Error(`process.exit(${code ?? ''}), which would end the whole sweep`);
  };
  try {
    return await action();
  } finally {
    process.exit = exit;
  }
}

/** Names the first cell that has the problem, unless all of its model have it. */
function inCell(
  { problem, by }: { problem: InputProblem; by: ModelTrial[] },
  all: readonly ModelTrial[],
): InputProblem {
  const { config, cell } = by[0]!;
  const isEverywhere = by.length === all.filter((other) => other.config.model === config.model).length;
  return isEverywhere || cell === null ? problem : { ...problem, got: `${problem.got} (${cell})` };
}
