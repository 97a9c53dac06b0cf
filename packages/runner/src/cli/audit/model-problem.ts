import { type InputError, type InputProblem, TrialConfigSchema } from '@l2bn/core/sweep';

/**
 * What is wrong with a model of a sweep, placed in the sweep file: at the key of `config` that it is about, else, where it
 * is about a layer, at `config.model`.
 */
export const modelProblems = (error: InputError, file: string, model: string): InputProblem[] =>
  error.problems.map(({ path = 'model', got, want, file: place = file }) => {
    const isKey = Object.hasOwn(TrialConfigSchema.entries, path);
    const where = [...(isKey ? [] : [path]), ...(got.includes(model) ? [] : [model])].join(' of ');
    return {
      file: place,
      path: isKey ? `config.${path}` : 'config.model',
      got: where === '' ? got : `${got} (${where})`,
      want,
    };
  });
