import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { InputError } from '../input-error.ts';
import type { Tfjs } from '../tensorflow.ts';
import { MODULE_WANTED, moduleFile } from './model-reference.ts';
import type { UserModelOptions } from './registry.ts';

/** Time that Node gets to parse a module once more, in ms. */
const PARSE_LIMIT_MS = 10_000;

type Builder = (options: UserModelOptions) => Tfjs.LayersModel | Promise<Tfjs.LayersModel>;

/**
 * Loads a user's module and returns its builder. An error inside the module becomes an `InputError` with the line of the
 * module that it comes from, and the user's own error as `cause`.
 */
export async function loadUserModel(path: string, folder: string): Promise<Builder> {
  const file = moduleFile(path, folder);
  const module = await importModule(file, path);
  const builder = [module.default, module.buildModel].find((value) => typeof value === 'function');
  if (builder === undefined) {
    const names = Object.keys(module).join(', ') || 'nothing';
    throw new InputError({ path: 'model', got: `${path}, which exports ${names}`, want: MODULE_WANTED });
  }
  return async (options) => {
    try {
      return await (builder as Builder)(options);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const got = `${path}${lineIn(file, error)}: buildModel threw ${String(error)}`;
      throw withCause(error, { path: 'model', got, want: 'a model' });
    }
  };
}

async function importModule(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const line = error instanceof SyntaxError ? lineOfSyntaxError(file, error) : lineIn(file, error);
    const got = `${path}${line}, which cannot be loaded: ${String(error)}`;
    throw withCause(error, { path: 'model', got, want: MODULE_WANTED });
  }
}

/** `:12` of the topmost place inside the module that the error's stack names; nothing where it names none. */
function lineIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const url = pathToFileURL(file).href;
  const place = [url, file].flatMap((name) => stack.split(`${name}:`).slice(1, 2)).at(0);
  const line = /^\d+/.exec(place ?? '');
  return line === null ? '' : `:${line[0]}`;
}

/** Node says where a module's syntax is wrong when it prints the error, and nowhere else. */
function lineOfSyntaxError(file: string, error: SyntaxError): string {
  const line = lineIn(file, error);
  if (line !== '') return line;
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: PARSE_LIMIT_MS });
  return lineIn(file, Object.assign(new Error(), { stack: stderr }));
}

function withCause(cause: unknown, problem: { path: string; got: string; want: string }): InputError {
  const error = new InputError(problem);
  error.cause = cause;
  return error;
}
