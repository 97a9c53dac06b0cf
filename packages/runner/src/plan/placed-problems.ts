import { InputError, type InputProblem } from '@l2bn/core/sweep';
import { COMMAND_LINE } from './contradictions.ts';
import type { SourceText } from './source-text.ts';

/** Names the file that a key of `config` was set in, or the command line, for a problem at `config.model` and the like. */
export type PlaceProblem = (problem: InputProblem) => InputProblem;

/** For what is only found once a sweep has been read, by those who know no sweep file. */
export const placeProblems =
  ({ file, locate }: SourceText): PlaceProblem =>
  (problem) => {
    const [container, ...keys] = problem.path?.split('.') ?? [];
    if (container !== 'config' || (problem.file ?? file) !== file) return problem;
    const places = [
      ['config', ...keys],
      ['axes', keys.join('.')],
    ];
    return { ...problem, file: places.some((place) => locate(place) === COMMAND_LINE) ? COMMAND_LINE : file };
  };

/** The same error with every problem in its place; any other as it is. */
export const placedError = (error: unknown, place: PlaceProblem): unknown =>
  error instanceof InputError ? new InputError(...error.problems.map(place)) : error;
