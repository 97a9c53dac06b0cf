import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { InputError, isFinished, type SweepPlan } from '@l2bn/core/sweep';
import { parseDocument } from 'yaml';
import { LedgerFollower } from '../../ledger/ledger-follower.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { isWritten } from '../process/writer-alive.ts';
import { asideText, findSweepFolder, holdsLedger, SWEEPS, sweepsBelow } from './sweep-folder.ts';
import { readSource, recordedSource } from './sweep-source.ts';

/** What `l2bn run` runs where no sweep file is named and no sweep waits to go on. */
const DEFAULT_FILES = ['yaml', 'yml', 'json', 'ts'].map((ending) => `l2bn.config.${ending}`);

export interface RunTarget {
  /** Path of the sweep file. */
  file: string;
  /** `key=value` words, those that the results were made with first. */
  overrides: string[];
  /** Folder of results that goes on; left out where the sweep's name says where its results go. */
  output?: string;
  /** Why this one, where nobody named it. */
  reason?: string;
}

/**
 * What `l2bn run` with these words runs. A sweep file is run; a folder of results, or the name of a sweep below `sweeps`,
 * goes on from the file that it was made from, or with a `name=` of its own begins beside it. Without either: the working folder if it holds results, else the one sweep
 * below `sweeps` that is not finished and that nobody runs, else `l2bn.config.yaml`.
 *
 * @param words Of the command line, options apart: `[sweep] [key=value…]`.
 * @throws InputError if nothing can be found, or more than one thing.
 */
export function findRunTarget(words: readonly string[], workingFolder: string): RunTarget {
  const [first, ...rest] = words;
  const isNamed = first !== undefined && (!first.includes('=') || existsSync(resolve(workingFolder, first)));
  if (!isNamed) return unnamedTarget([...words], workingFolder);
  const folder = resultsFolder(first, workingFolder);
  return folder === undefined ? { file: first, overrides: rest } : resumed(folder, rest, workingFolder);
}

/** The results that a word names; undefined if it is to be taken as a sweep file. */
function resultsFolder(named: string, workingFolder: string): string | undefined {
  const isFolder = statSync(resolve(workingFolder, named), { throwIfNoEntry: false })?.isDirectory();
  const { folder } = findSweepFolder(named, workingFolder);
  if (holdsLedger(folder) && isFolder !== false) return folder;
  if (isFolder !== true) return undefined;
  throw new InputError({ file: named, got: 'a folder without results', want: 'a sweep file, or a folder of results' });
}

function unnamedTarget(overrides: string[], workingFolder: string): RunTarget {
  if (holdsLedger(workingFolder)) {
    return { ...resumed(workingFolder, overrides, workingFolder), reason: 'results in the working folder' };
  }
  const sweeps = sweepsBelow(join(workingFolder, SWEEPS));
  const [running, unfinished] = partedByWriter(sweeps.filter(isUnfinished));
  const [only] = unfinished;
  if (only !== undefined && unfinished.length === 1) {
    const unlike = running.length > 0 ? 'that is not finished and that nobody runs' : 'that is not finished';
    const reason = sweeps.length === 1 ? 'the only sweep' : `the only sweep ${unlike}`;
    return { ...resumed(only, overrides, workingFolder), reason };
  }
  const [file, other] = DEFAULT_FILES.filter((name) => existsSync(join(workingFolder, name)));
  if (other !== undefined) throw new InputError({ file: other, got: `${file} beside it`, want: 'one of them' });
  if (file !== undefined) return { file: join(workingFolder, file), overrides, reason: 'no sweep was named' };
  throw nothingToRun({ sweeps, running, unfinished }, workingFolder);
}

interface FoundSweeps {
  sweeps: string[];
  /** Those that somebody runs now: nobody else can go on with them. */
  running: string[];
  unfinished: string[];
}

function nothingToRun({ sweeps, running, unfinished }: FoundSweeps, workingFolder: string): InputError {
  if (unfinished.length > 0) {
    const names = unfinished.map((folder) => relative(workingFolder, folder)).join(', ');
    const got = `${unfinished.length} sweeps that are not finished (${names})`;
    return new InputError({ file: SWEEPS, got, want: 'one of them as an argument: l2bn run FOLDER' });
  }
  const file = `a sweep file (l2bn run FILE; l2bn init writes one)`;
  if (running.length > 0) {
    const names = running.map((folder) => relative(workingFolder, folder)).join(', ');
    const got = `no sweep but ${running.length === 1 ? 'one that runs' : 'some that run'} already (${names})`;
    return new InputError({ file: SWEEPS, got, want: `${file}, or l2bn watch, which follows what runs` });
  }
  const want = `${file}, a folder of results, or ${DEFAULT_FILES[0]} here`;
  if (sweeps.length === 0) {
    return new InputError({ got: `nothing to run${asideText(join(workingFolder, SWEEPS))}`, want });
  }
  return new InputError({ file: SWEEPS, got: 'finished sweeps only', want });
}

function partedByWriter(sweeps: string[]): [running: string[], others: string[]] {
  const running = sweeps.filter(isWritten);
  return [running, sweeps.filter((sweep) => !running.includes(sweep))];
}

/** A ledger that cannot be read is left to those who name it. */
function isUnfinished(folder: string): boolean {
  try {
    return readLedger(folder).state.trials.some(({ status }) => !isFinished(status));
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function resumed(folder: string, overrides: string[], workingFolder: string): RunTarget {
  const source = readSource(folder);
  if (source === undefined) {
    const shown = relative(workingFolder, folder) || '.';
    const lost = recordedSource(folder)?.file;
    const got =
      lost === undefined
        ? 'results without a record of their sweep file'
        : `results whose sweep file is gone: ${relative(workingFolder, lost)}`;
    throw new InputError({
      file: shown,
      got,
      want: `the sweep file: l2bn run FILE --output ${shown}`,
    });
  }
  const given = new Set(overrides.map(keyOf));
  const kept = source.overrides.filter((word) => !given.has(keyOf(word)));
  const target = { file: source.file, overrides: [...kept, ...overrides] };
  return isRenamed(folder, overrides) ? target : { ...target, output: folder };
}

/** Whether the words ask for a sweep of another name: its results go to a folder of their own. */
function isRenamed(folder: string, overrides: string[]): boolean {
  const word = overrides.findLast((each) => keyOf(each) === 'name');
  return word !== undefined && planIn(folder).name !== nameIn(word);
}

function planIn(folder: string): SweepPlan {
  const follower = new LedgerFollower(folder);
  try {
    return follower.state.plan;
  } finally {
    follower.close();
  }
}

/** As the sweep file will take it; undefined for what is no YAML, which is refused there. */
function nameIn(word: string): unknown {
  const document = parseDocument(word.slice(word.indexOf('=') + 1));
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

const keyOf = (word: string): string => word.slice(0, word.indexOf('='));
