import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isBuiltIn } from '@l2bn/core/preflight';
import { InputError, type SweepPlan } from '@l2bn/core/sweep';
import { distinctData } from '../../plan/distinct-data.ts';
import { folderInUse } from '../errors/folder-in-use.ts';
import { isWritten } from '../process/writer-alive.ts';
import { freeAsideName } from '../target/aside-name.ts';
import { holdsLedger, shownFolder } from '../target/sweep-folder.ts';

/** Something that a sweep is made from, as an error calls it. */
export interface SweepInput {
  what: string;
  path: string;
}

/** All that a sweep reads: it must not be moved away with old results. */
export function sweepInputs(file: string, plan: SweepPlan, baseDirectory: string): SweepInput[] {
  const models = [...new Set(plan.cells.map(({ config }) => config.model))].filter((model) => !isBuiltIn(model));
  const data = distinctData(plan).flatMap(({ path }) => (path === undefined ? [] : [path]));
  return [
    { what: 'the sweep file', path: resolve(file) },
    ...models.map((model) => ({ what: 'the model', path: resolve(baseDirectory, model) })),
    ...data.map((path) => ({ what: 'the data', path: resolve(baseDirectory, path) })),
  ];
}

/** Results of an earlier run that have been moved out of the way. */
export class SetAside {
  private readonly folder: string;
  private readonly target: string;

  private constructor(folder: string, target: string) {
    this.folder = folder;
    this.target = target;
  }

  /**
   * Moves a folder of results aside, with the time of its last change as a suffix; nothing is deleted. Undefined where there
   * are none.
   *
   * @throws InputError for a folder that holds what the sweep is made from, `LedgerInUseError` for one that is written.
   */
  static move(folder: string, inputs: readonly SweepInput[]): SetAside | undefined {
    if (!holdsLedger(folder)) return undefined;
    const held = inputs.find(({ path }) => isInside(path, folder));
    if (held !== undefined) {
      const got = `--fresh for a folder that holds ${held.what} ${shownFolder(held.path)}, which would be moved away`;
      throw new InputError({ file: shownFolder(folder), got, want: 'another folder of results: --output FOLDER' });
    }
    // Not from under a sweep that runs.
    if (isWritten(folder)) throw folderInUse(folder);
    // Where the folder is a link, what it leads to: the new results are wanted on that disk as well.
    const place = realpathSync(folder);
    const aside = new SetAside(place, freeAsideName(place, statSync(place).mtime));
    renameSync(place, aside.target);
    if (place !== resolve(folder)) mkdirSync(place);
    process.stderr.write(`old results are in ${shownFolder(aside.target)}\n`);
    return aside;
  }

  /** Unless something else stands there by now. */
  putBack(): void {
    if (existsSync(this.folder) && readdirSync(this.folder).length === 0) rmdirSync(this.folder);
    if (existsSync(this.folder)) {
      const [place, here] = [shownFolder(this.folder), shownFolder(this.target)];
      process.stderr.write(`old results stay in ${here}: ${place} holds something else now\n`);
      return;
    }
    renameSync(this.target, this.folder);
    process.stderr.write(`old results are back in ${shownFolder(this.folder)}\n`);
  }
}

/** Whether a path is a folder or lies in it, links followed. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(realPath(folder), realPath(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Without links, as far as it exists: a path of data may be the beginning of file names. */
function realPath(path: string): string {
  return existsSync(path) || dirname(path) === path
    ? realpathSync(path)
    : join(realPath(dirname(path)), basename(path));
}
