import { existsSync } from 'node:fs';
import { findRunTarget, type RunTarget } from './run-target.ts';
import { namesBelow, SWEEPS, shownFolder } from './sweep-folder.ts';
import { noSweepFile } from './sweep-names.ts';

/**
 * The sweep that the words of a command name, as `l2bn run` takes them; said on stderr where none of them names it.
 *
 * @throws InputError if there is none.
 */
export function chosenSweep(sweep: string | undefined, overrides: readonly string[]): RunTarget {
  const target = findRunTarget(sweep === undefined ? [] : [sweep, ...overrides], process.cwd());
  if (target.reason !== undefined) {
    process.stderr.write(`${shownFolder(target.output ?? target.file)} (${target.reason})\n`);
  }
  if (target.output === undefined && !existsSync(target.file)) throw noSweepFile(target.file, namesBelow(SWEEPS));
  return target;
}
