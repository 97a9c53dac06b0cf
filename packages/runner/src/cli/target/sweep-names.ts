import { readdirSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { InputError } from '@l2bn/core/sweep';

/** Endings of sweep files that are suggested. */
const SWEEP_FILES = ['.yaml', '.yml'];
/** Names that are listed at most. */
const LISTED = 6;

/**
 * Why a word names no results, with what it could have been.
 *
 * @param sweeps Names of the sweeps that there are.
 */
export function noResults(named: string, sweeps: readonly string[]): InputError {
  const want = 'a folder of results, or the name of a sweep below ./sweeps';
  const stat = statSync(named, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    return new InputError({ file: named, got: 'a folder without results (no ledger.db)', want });
  }
  const got = stat === undefined ? 'no such folder' : 'a file';
  const own = basename(named, extname(named));
  const hint = stat !== undefined && sweeps.includes(own) ? `: ${own}` : listed(sweeps);
  return new InputError({ file: named, got, want: `${want}${hint}` });
}

/** Why a word names no sweep file, with what it could have been. */
export function noSweepFile(named: string, sweeps: readonly string[]): InputError {
  const files = readdirSync('.').filter((name) => SWEEP_FILES.includes(extname(name)));
  const hint = SWEEP_FILES.includes(extname(named)) ? `; l2bn init ${named} writes one` : '';
  const want = `a sweep file, a folder of results, or the name of a sweep below ./sweeps`;
  return new InputError({ file: named, got: 'no such file', want: `${want}${listed([...files, ...sweeps])}${hint}` });
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` (there: ${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ' …' : ''})`;
}
