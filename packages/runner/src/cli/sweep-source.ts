import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '../ledger/whole-file.ts';

/** What a sweep was run from, so that a trial of it can be run again. */
export interface SweepSource {
  /** Path of the sweep file. */
  file: string;
  /** The `key=value` words beside it. */
  overrides: string[];
}

const NAME = 'source.json';
const SourceSchema = v.object({ file: v.string(), overrides: v.array(v.string()) });

/** Keeps the source in the folder of results, its path relative to there: both can be moved together. */
export async function recordSource(folder: string, file: string, overrides: string[]): Promise<void> {
  const path = relative(folder, resolve(file)).split(sep).join('/');
  await writeWhole(join(folder, NAME), `${JSON.stringify({ file: path, overrides }, null, 2)}\n`);
}

/** Undefined for results without one that can be read, or whose sweep file is gone. */
export function readSource(folder: string): SweepSource | undefined {
  const record = join(folder, NAME);
  if (!existsSync(record)) return undefined;
  try {
    const { file, overrides } = v.parse(SourceSchema, JSON.parse(readFileSync(record, 'utf8')));
    const path = resolve(dirname(record), file);
    return existsSync(path) ? { file: path, overrides } : undefined;
  } catch {
    // It only helps to repeat a trial; a damaged one is no reason to hide the results.
    return undefined;
  }
}
