import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { isAside } from './aside-name.ts';
import { noResults } from './sweep-names.ts';

/** Where `l2bn run` puts results, below the working folder. */
export const SWEEPS = 'sweeps';

export interface SweepFolder {
  folder: string;
  /** Why this one, where nobody named it. */
  reason?: string;
}

/**
 * The folder of results that a command is about: the one named, by path or by the name of a sweep below `sweeps`; else the
 * working folder, if it is one; else the one below `sweeps`, of several the one written last. What `--fresh` has set aside
 * is only taken where it is named.
 *
 * @throws InputError if there is none.
 */
export function findSweepFolder(named: string | undefined, workingFolder: string): SweepFolder {
  const sweeps = join(workingFolder, SWEEPS);
  if (named !== undefined) {
    const folder = resolve(workingFolder, named);
    return { folder: !holdsLedger(folder) && holdsLedger(join(sweeps, named)) ? join(sweeps, named) : folder };
  }
  if (holdsLedger(workingFolder)) return { folder: workingFolder, reason: 'the working folder' };
  const folders = sweepsBelow(sweeps);
  const [newest] = folders;
  if (newest === undefined) {
    const want = 'results of l2bn run there, or a folder of results as an argument';
    throw new InputError({ file: SWEEPS, got: `no sweep${asideText(sweeps)}`, want });
  }
  return { folder: newest, reason: folders.length === 1 ? 'the only sweep' : `the newest of ${folders.length} sweeps` };
}

/**
 * The folder, said on stderr where nobody named it.
 *
 * @throws InputError if there are no such results.
 */
export function chosenFolder(named: string | undefined): string {
  const { folder, reason } = findSweepFolder(named, process.cwd());
  if (named !== undefined && !holdsLedger(folder)) throw noResults(named, namesBelow(SWEEPS));
  if (reason !== undefined) process.stderr.write(`${shownFolder(folder)} (${reason})\n`);
  return folder;
}

/** A folder as the user would name it. */
export const shownFolder = (folder: string): string => relative(process.cwd(), folder) || '.';

export const holdsLedger = (folder: string): boolean => existsSync(join(folder, 'ledger.db'));

/** Folders with a ledger, the one written last first; without those that are set aside. */
export const sweepsBelow = (folder: string): string[] => ledgersBelow(folder).filter((sweep) => !isAside(sweep));

/** ` but arms.2026-11-23T17-36-37, set aside`; nothing where there are none. */
export function asideText(folder: string): string {
  const names = ledgersBelow(folder).filter(isAside);
  if (names.length === 0) return '';
  const shown = basename(names[0]!);
  return names.length === 1 ? ` but ${shown}, set aside` : ` but ${names.length} set aside, the newest ${shown}`;
}

function ledgersBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(holdsLedger)
    .sort((a, b) => lastWritten(b) - lastWritten(a));
}

/** Names of the sweeps below a folder, as a command takes them. */
export const namesBelow = (folder: string): string[] => sweepsBelow(folder).map((path) => relative(folder, path));

/**
 * While a sweep runs, only the log beside its ledger changes. An empty one says nothing: whoever looks at a sweep that has
 * ended makes it.
 */
function lastWritten(folder: string): number {
  const [ledger, log] = ['ledger.db', 'ledger.db-wal'].map((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false }),
  );
  return Math.max(ledger?.mtimeMs ?? 0, log !== undefined && log.size > 0 ? log.mtimeMs : 0);
}
