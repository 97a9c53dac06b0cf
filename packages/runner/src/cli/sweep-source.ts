import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { writeWhole } from '../ledger/whole-file.ts';

/** What a sweep was run from, so that a trial of it can be run again. */
export interface SweepSource {
  /** Path of the sweep file. */
  file: string;
  /** The `key=value` words beside it. */
  overrides: string[];
}

const NAME = 'source.json';

/** Keeps the source in the folder of results, its path relative to there: both can be moved together. */
export async function recordSource(folder: string, file: string, overrides: string[]): Promise<void> {
  const path = relative(folder, resolve(file)).split(sep).join('/');
  await writeWhole(join(folder, NAME), `${JSON.stringify({ file: path, overrides }, null, 2)}\n`);
}

/** Undefined for results without one, or whose sweep file is gone. */
export function readSource(folder: string): SweepSource | undefined {
  const record = join(folder, NAME);
  if (!existsSync(record)) return undefined;
  const { file, overrides } = JSON.parse(readFileSync(record, 'utf8')) as SweepSource;
  const path = resolve(dirname(record), file);
  return existsSync(path) ? { file: path, overrides } : undefined;
}
