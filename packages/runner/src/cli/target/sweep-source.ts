import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import * as v from 'valibot';
import { readKept } from '../../ledger/read-ledger.ts';
import { writeWhole } from '../../ledger/whole-file.ts';

/** What a sweep was run from, so that a trial of it can be run again. */
export interface SweepSource {
  /** Path of the sweep file. */
  file: string;
  /** The `key=value` words beside it. */
  overrides: string[];
}

const NAME = 'source.json';
const SourceSchema = v.object({ file: v.string(), overrides: v.array(v.string()) });

/** The source as it is kept, its path relative to the folder of results: both can be moved together. */
export function sourceText(folder: string, file: string, overrides: readonly string[]): string {
  const path = relative(folder, resolve(file)).split(sep).join('/');
  return `${JSON.stringify({ file: path, overrides }, null, 2)}\n`;
}

/** Writes the source into the folder of results, for people: the ledger has it in one piece with the plan. */
export async function recordSource(folder: string, file: string, overrides: string[]): Promise<void> {
  await writeWhole(join(folder, NAME), sourceText(folder, file, overrides));
}

/** Undefined for results without one that can be read, or whose sweep file is gone. */
export function readSource(folder: string): SweepSource | undefined {
  const source = recordedSource(folder);
  return source !== undefined && existsSync(source.file) ? source : undefined;
}

/** As it was recorded: the sweep file may be gone. Undefined for results without one that can be read. */
export function recordedSource(folder: string): SweepSource | undefined {
  try {
    const text = keptSource(folder) ?? readFileSync(join(folder, NAME), 'utf8');
    const { file, overrides } = v.parse(SourceSchema, JSON.parse(text));
    return { file: resolve(folder, file), overrides };
  } catch {
    // It only helps to repeat a trial; a damaged one is no reason to hide the results.
    return undefined;
  }
}

/** As the ledger has it; ledgers of earlier versions have none. */
function keptSource(folder: string): string | undefined {
  try {
    return readKept(folder, 'source');
  } catch {
    return undefined;
  }
}
