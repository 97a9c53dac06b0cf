import { DataConfigSchema, formatProblem, InputError, type InputProblem, type TrialConfig } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { modelModule, userModels } from '../../engine/model-modules.ts';
import type { LoadedSweep } from '../../plan/build-plan.ts';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { preflight } from '../../plan/preflight.ts';
import { dataInputs, modelInputs } from '../../schedule/kept-inputs.ts';
import type { EarlierResults } from './earlier-results.ts';
import type { DataSummary } from './inspection.ts';

/** A model and data that are always there, to put beside what is tried. */
const PRESENT = { model: 'smallConvNet', data: v.parse(DataConfigSchema, {}) };

/**
 * Everything that a run refuses before it loads TensorFlow: what the results that it would go on from have against the plan or
 * a model, and what `preflight` finds: it stops at the first model or data set, so each is put to it alone.
 */
export async function allProblems(
  loaded: LoadedSweep,
  baseDirectory: string,
  earlier: EarlierResults,
): Promise<InputProblem[]> {
  const { plan } = loaded;
  const tries = plan.cells.flatMap(({ config }): TrialConfig[] => [
    { ...config, data: PRESENT.data },
    { ...config, model: PRESENT.model },
  ]);
  const distinct = new Map(tries.map((config) => [canonicalJson([config.model, config.data]), config]));
  const problems = new Map<string, InputProblem>();
  for (const config of distinct.values()) {
    try {
      await preflight({ ...loaded, plan: { ...plan, cells: [{ ...plan.cells[0]!, config }] } }, baseDirectory);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const problem of error.problems) problems.set(formatProblem(problem), problem);
    }
  }
  const modules = userModels(plan).map((model) => modelModule(model, baseDirectory));
  // A module that is not there is other than it was, too: once is enough.
  const changed = problems.size > 0 ? [] : earlier.changed(modelInputs(modules));
  return [...earlier.problems, ...problems.values(), ...changed.map(loaded.place)];
}

/**
 * Data other than that of the results that a run would go on from, which only reading it shows.
 *
 * @param datasets Those of `distinctData`, in its order.
 * @throws InputError as the run would.
 */
export function refuseOtherData(
  { plan, place }: LoadedSweep,
  datasets: readonly DataSummary[],
  earlier: EarlierResults,
): void {
  const changed = earlier.changed(dataInputs(plan, datasets));
  if (changed.length > 0) throw new InputError(...changed.map(place));
}
