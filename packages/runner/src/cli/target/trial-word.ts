import { existsSync } from 'node:fs';
import { InputError, type SweepPlan } from '@l2bn/core/sweep';
import { chosenFolder, findSweepFolder, holdsLedger } from './sweep-folder.ts';

/** Digits of a cell's id that people are shown at least: few enough to type, and the same when the sweep grows, mostly. */
const SHOWN_DIGITS = 6;
/** Trials that an error names. */
const LISTED = 4;
const ID = /^([0-9a-f]+)(?:-s(\d+)?)?$/;

/** Shortened ids of all trials, each of which `findTrial` takes for one alone: `33af6d-s1`. */
export function shortTrialIds({ cells, trials }: SweepPlan): Map<string, string> {
  const ids = cells.map(({ id }) => id);
  let digits = SHOWN_DIGITS;
  while (digits < (ids[0]?.length ?? 0) && new Set(ids.map((id) => id.slice(0, digits))).size < ids.length) digits++;
  return new Map(trials.map(({ id, cell, seed }) => [id, `${cell.slice(0, digits)}-s${seed}`]));
}

/**
 * The id of the trial that a word means: its id, the beginning of it, or the beginning of its cell's id with the seed.
 *
 * @throws InputError if there is none or more than one.
 */
export function findTrial(plan: SweepPlan, word: string): string {
  if (plan.trials.some(({ id }) => id === word)) return word;
  const [, cellStart, seed] = ID.exec(word) ?? [];
  const meant = plan.trials.filter(
    ({ id, cell, seed: own }) =>
      id.startsWith(word) || (cellStart !== undefined && seed === String(own) && cell.startsWith(cellStart)),
  );
  const [only, ...others] = word === '' ? [] : meant;
  if (only !== undefined && others.length === 0) return only.id;
  const want = 'the id of one trial, or a beginning that only one has: l2bn status and l2bn table --json show them';
  if (only === undefined) throw new InputError({ path: 'trial', got: `${word}, which ${plan.name} has none of`, want });
  const names = meant.slice(0, LISTED).map(({ id }) => id);
  const got = `${word}, the beginning of ${meant.length} trials (${names.join(', ')}${meant.length > LISTED ? ' …' : ''})`;
  throw new InputError({ path: 'trial', got, want });
}

/**
 * The folder and the trial that the words of `cancel` and `retry` name, whichever of them stands first.
 *
 * @param option What `--trial` says.
 */
export function folderAndTrial(words: readonly string[], option?: string): { folder: string; trial?: string } {
  const isFolder = (word: string) => holdsLedger(findSweepFolder(word, process.cwd()).folder);
  const [first, second] = words;
  if (option !== undefined) {
    if (second === undefined) return { folder: chosenFolder(first), trial: option };
    throw new InputError({ path: '--trial', got: `it beside ${words.join(' ')}`, want: 'a trial once, and a folder' });
  }
  if (first === undefined) return { folder: chosenFolder(undefined) };
  if (second !== undefined) {
    return isFolder(first) && !isFolder(second)
      ? { folder: chosenFolder(first), trial: second }
      : { folder: chosenFolder(second), trial: first };
  }
  // A word that is neither is a folder that is not there, as far as anybody can tell.
  const isTrial = !isFolder(first) && !existsSync(first) && ID.test(first);
  return isTrial ? { folder: chosenFolder(undefined), trial: first } : { folder: chosenFolder(first) };
}
