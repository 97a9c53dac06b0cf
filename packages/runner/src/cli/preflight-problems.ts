import { DataConfigSchema, formatProblem, InputError, type InputProblem, type TrialConfig } from '@l2bn/core/sweep';
import * as v from 'valibot';
import type { LoadedSweep } from '../plan/build-plan.ts';
import { canonicalJson } from '../plan/canonical-json.ts';
import { preflight } from '../plan/preflight.ts';

/** A model and data that are always there, to put beside what is tried. */
const PRESENT = { model: 'smallConvNet', data: v.parse(DataConfigSchema, {}) };

/** Everything that `preflight` finds: it stops at the first model or data set, so each is put to it alone. */
export async function allProblems(loaded: LoadedSweep, baseDirectory: string): Promise<InputProblem[]> {
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
  return [...problems.values()];
}
