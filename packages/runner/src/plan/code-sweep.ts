import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, type InputProblem } from '@l2bn/core/sweep';
import { createJiti } from 'jiti';

/** This package: what stands in it is no place of a user's. */
const OWN = fileURLToPath(new URL('../../', import.meta.url));

/** A file as the user would name it: relative to the working folder, if it lies below it. */
export const displayName = (path: string): string => {
  const short = relative(process.cwd(), resolve(path));
  return short === '' || short.startsWith('..') ? resolve(path) : short;
};

/**
 * The default export of a sweep file that is a TypeScript or JavaScript module.
 *
 * @throws InputError naming the line that does not parse or that has thrown, in this file or one that it imports.
 */
export async function importSweep(path: string): Promise<unknown> {
  try {
    // jiti, because Node 20 does not strip types. It keeps every statement on its line.
    return await createJiti(import.meta.url, { fsCache: false, moduleCache: false }).import(resolve(path), {
      default: true,
    });
  } catch (error) {
    throw new InputError(problemOf(error, path));
  }
}

function problemOf(error: unknown, path: string): InputProblem {
  const file = displayName(path);
  if (!existsSync(path)) return { file, got: 'no such file', want: 'a module whose default export is a sweep' };
  const unparsed = parseProblem(error);
  if (unparsed !== undefined) return unparsed;
  const place = placeOf(error) ?? file;
  const missing = missingImport(error);
  if (missing !== undefined) return { file: place, got: `an import of ${missing}`, want: 'one of what is there' };
  return { file: place, got: `${firstLine(error)}, thrown`, want: 'a module whose default export is a sweep' };
}

/** What jiti says of code that does not parse, on a line each: the reason, then the file with line and column. */
function parseProblem(error: unknown): InputProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, reason, file, line, column] = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):(\d+)$/s.exec(error.message) ?? [];
  if (reason === undefined || file === undefined) return undefined;
  // Its lines count from 1, its columns from 0.
  const place = `${displayName(file)}:${line}:${Number(column) + 1}`;
  return { file: place, got: `code that does not parse: ${reason}`, want: 'TypeScript or JavaScript' };
}

function missingImport(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:module|package) (['"].*?['"])/.exec(message)?.[1] ?? 'what is not there';
}

/** `file:line` of the innermost frame that is a user's. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const frame of error.stack?.split('\n') ?? []) {
    const [, where, line] = /^\s+at (?:.*\(|async )?(.+?):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (where === undefined) continue;
    const file = where.startsWith('file:') ? fileURLToPath(where) : where;
    const isForeign = file.startsWith(OWN) || file.includes(`${sep}node_modules${sep}`);
    if (isAbsolute(file) && !isForeign && existsSync(file)) return `${displayName(file)}:${line}`;
  }
  return undefined;
}

const firstLine = (error: unknown): string => String(error).split('\n')[0]!;
