import { describe, InputError, type InputProblem } from '@l2bn/core/sweep';
import { isMapping } from './contradictions.ts';
import type { DocumentPath, SourceText } from './source-text.ts';

/**
 * Names the line of the sweep file that a key of `config` was set in, or the command line, for a problem at `config.model` and
 * the like: of a key that is swept, the value that the problem begins with.
 */
export type PlaceProblem = (problem: InputProblem) => InputProblem;

/** For what is only found once a sweep has been read, by those who know no sweep file. */
export const placeProblems =
  (source: SourceText): PlaceProblem =>
  (problem) => {
    const [container, ...keys] = problem.path?.split('.') ?? [];
    if (container !== 'config' || (problem.file ?? source.file) !== source.file) return problem;
    return { ...problem, file: source.locate(placeOf(keys, problem.got, source.value)) };
  };

/** The same error with every problem in its place; any other as it is. */
export const placedError = (error: unknown, place: PlaceProblem): unknown =>
  error instanceof InputError ? new InputError(...error.problems.map(place)) : error;

interface Place {
  path: DocumentPath;
  value: unknown;
}

function placeOf(keys: string[], got: string, sweep: unknown): DocumentPath {
  const key = keys.join('.');
  const axes = [['axes', key] as DocumentPath, ['samples', 'axes', key]].flatMap((path) => placeAt(path, sweep));
  const cells = isMapping(sweep) && Array.isArray(sweep.cells) ? (sweep.cells as unknown[]) : [];
  const shared = placeAt(['config', ...keys], sweep);
  const single = [...axes.flatMap(valuesOf), ...cells.flatMap((_, i) => placeAt(['cells', i, key], sweep)), ...shared];
  // The longest: "./net.mjs" is the beginning of "./net.mjs2" too.
  const [meant] = single
    .filter(({ value }) => begins(got, value))
    .sort((a, b) => String(b.value).length - String(a.value).length);
  return (meant ?? axes[0] ?? shared[0])?.path ?? ['config', ...keys];
}

function placeAt(path: DocumentPath, root: unknown): Place[] {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
    value = (value as Record<string | number, unknown>)[key];
  }
  return [{ path, value }];
}

/** The values of an axis that lists them. */
function valuesOf({ path, value }: Place): Place[] {
  if (isMapping(value))
    return placeAt(['values'], value).flatMap((inner) => valuesOf({ ...inner, path: [...path, 'values'] }));
  return Array.isArray(value) ? (value as unknown[]).map((each, i) => ({ path: [...path, i], value: each })) : [];
}

const begins = (got: string, value: unknown): boolean =>
  [String(value), describe(value)].some((text) => got.startsWith(text));
