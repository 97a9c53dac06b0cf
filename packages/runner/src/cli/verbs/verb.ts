import type { Command } from 'commander';

/** Adds a command, with its arguments, options, help and action. */
export type Register = (program: Command) => void;

/** An action of a command whose result is the exit code of l2bn. */
export function exitingWith<A extends unknown[]>(
  action: (...args: A) => number | Promise<number>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    // Not `process.exit`: what has been written to a pipe must get through.
    process.exitCode = await action(...args);
  };
}

/** What `--help` shows below the options. */
export const examples = (...lines: string[]): string =>
  `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** Help texts that several commands share. */
export const SWEEP_ARGUMENT = [
  '[sweep]',
  'sweep file (.yaml, .json, .ts), folder of results, or name of a sweep below ./sweeps (default: what l2bn run alone goes on with)',
] as const;
export const OVERRIDES_ARGUMENT = [
  '[key=value...]',
  'sets a key of the configuration; key=a,b,c sweeps it over these values',
] as const;
export const FOLDER_ARGUMENT = [
  '[folder]',
  'folder of results, or name of a sweep below ./sweeps (default: the newest there)',
] as const;
