import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { isInside, type SweepInput } from '../run/set-aside.ts';
import { holdsLedger } from './sweep-folder.ts';

export const FORMATS = ['csv', 'jsonl', 'parquet', 'optuna'] as const;
export type Format = (typeof FORMATS)[number];

/** What a file's ending says that it holds. */
const ENDINGS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
  '.db': 'optuna',
  '.sqlite': 'optuna',
  '.sqlite3': 'optuna',
};
/** Endings of sweep files and of modules with models: what somebody has written by hand. */
const WRITTEN_BY_HAND = ['.yaml', '.yml', '.json', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
/** What a folder of results holds, by its name, beside the two folders below. */
const OF_RESULTS =
  /^(ledger\.db(-wal|-shm|-journal)?|(plan|source|control)\.json|(sweep|engine)\.log|writer\.lock|control\.sock)$/;
const FOLDERS_OF_RESULTS = ['checkpoints', 'hangs'];

/** What was asked for on the command line. */
export interface ExportWords {
  format?: Format;
  json: boolean;
  output?: string;
}

/**
 * The format that is asked for: by its name, by `--json`, by the ending of the file, else CSV.
 *
 * @throws InputError where two of them contradict each other.
 */
export function exportFormat({ format, json, output }: ExportWords): Format {
  if (json && format !== undefined && format !== 'jsonl') {
    throw new InputError({ path: '--json', got: `it beside --format ${format}`, want: 'one of them: --json is jsonl' });
  }
  const asked = json ? 'jsonl' : format;
  if (output === undefined || output === '-') return asked ?? 'csv';
  const ending = extname(output).toLowerCase();
  const said = ENDINGS[ending];
  if (asked === undefined) {
    if (ending === '.json') throw new InputError({ file: output, got: 'the ending .json', want: '.jsonl, or --json' });
    return said ?? 'csv';
  }
  if (said !== undefined && said !== asked) {
    const got = `the ending ${ending}, which is of ${said}, beside ${json ? '--json' : `--format ${asked}`}`;
    throw new InputError({ file: output, got, want: 'one format: another ending, or no other word for the format' });
  }
  return asked;
}

/**
 * Where an export is written to, links followed. What is there stays, unless `force` is given; and even then what nobody can
 * have meant: a part of a folder of results, which may be all that is left of days, and what was written by hand.
 *
 * @throws InputError for such a file, and for one in a folder that is not there.
 */
export function exportTarget(output: string, format: Format, force: boolean): string {
  const folder = dirname(output);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const got = existsSync(folder) ? `a file ${folder}` : `no folder ${folder}`;
    throw new InputError({ file: output, got, want: `a folder that is there: mkdir -p ${folder}` });
  }
  // Also where it is not there: a log that SQLite does not know would end its ledger.
  const file = join(realpathSync(folder), basename(output));
  if (isOfResults(file)) throw ofResults(output);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined && !isLink) return file;
  if (stat === undefined) throw new InputError({ file: output, got: 'a link to nothing', want: 'another name' });
  const target = realpathSync(file);
  if (isOfResults(target)) throw ofResults(output);
  if (stat.isDirectory()) throw new InputError({ file: output, got: 'a folder', want: 'a file to write' });
  if (!stat.isFile()) {
    throw new InputError({ file: output, got: 'something that is no file', want: 'a file to write, or - for stdout' });
  }
  if (format === 'optuna') {
    const want = 'a new file for the Optuna storage: that one may hold other studies';
    throw new InputError({ file: output, got: 'a file that is there', want });
  }
  if (WRITTEN_BY_HAND.includes(extname(target).toLowerCase())) {
    const got = 'a file that is there, by its ending a sweep file or a module';
    throw new InputError({ file: output, got, want: 'another name' });
  }
  if (!force) {
    throw new InputError({ file: output, got: 'a file that is there', want: 'another name, or --force to replace it' });
  }
  return target;
}

/** Refuses to replace what the sweep is made from, under whatever name. */
export function checkInputs(output: string, target: string, inputs: readonly SweepInput[]): void {
  const held = existsSync(target) ? inputs.find(({ path }) => isInside(target, path)) : undefined;
  if (held === undefined) return;
  throw new InputError({ file: output, got: `${held.what} of this sweep`, want: 'another name' });
}

const ofResults = (file: string): InputError =>
  new InputError({ file, got: 'a file of a folder of results', want: 'another name: results are never replaced' });

function isOfResults(file: string): boolean {
  if (OF_RESULTS.test(basename(file))) return holdsLedger(dirname(file));
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    if (FOLDERS_OF_RESULTS.includes(basename(folder)) && holdsLedger(dirname(folder))) return true;
  }
  return false;
}
