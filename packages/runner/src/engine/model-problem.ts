import { type InputProblem, TrialConfigSchema } from '@l2bn/core/sweep';

/**
 * What is wrong with a model of a sweep, placed in the sweep file: at the key of `config` that it is about, else, where it
 * is about a layer, at `config.model`.
 */
export function modelProblem(problem: InputProblem, model: string): InputProblem {
  const { path = '', got } = problem;
  if (Object.hasOwn(TrialConfigSchema.entries, path)) return { ...problem, path: `config.${path}` };
  return { ...problem, path: 'config.model', got: `${[model, path].filter(Boolean).join(', ')}: ${got}` };
}

/**
 * The same for the same problem of another build of the model: tfjs numbers layers without a name over all models of a
 * process, so `dense_Dense1` of one build is `dense_Dense7` of the next.
 *
 * @param index Among the problems of its build, which tells layers of one build apart.
 */
export const problemIdentity = ({ path, got, want }: InputProblem, index: number, model: string): string =>
  JSON.stringify([model, index, ...[path, got, want].map((text) => text?.replace(/(_\w*?)\d+\b/g, '$1'))]);
