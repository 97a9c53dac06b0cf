import type { InputProblem } from '@l2bn/core/sweep';
import { placeOf } from './problem-place.ts';

/** Whether GitHub Actions runs this and turns `::error::` lines into annotations. */
export const onGithub = (): boolean => process.env.GITHUB_ACTIONS === 'true';

/** The workflow command that marks an error; one line, whatever the message holds. */
export function githubError(
  message: string,
  place: { file?: string; line?: number; col?: number; title?: string } = {},
): string {
  const properties = Object.entries(place)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::error${properties === '' ? '' : ` ${properties}`}::${escapeData(message)}`;
}

/** The same for an input problem, at the line that it names. */
export function githubProblem(problem: InputProblem): string {
  const { path, got, want } = problem;
  const message = `${path === undefined || path === '' ? '' : `${path}: `}got ${got}, want ${want}`;
  const { column, ...place } = placeOf(problem);
  return githubError(message, column === undefined ? place : { ...place, col: column });
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
