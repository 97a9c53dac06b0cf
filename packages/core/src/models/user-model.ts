import { pathToFileURL } from 'node:url';
import { InputError } from '../input-error.ts';
import type { Tfjs } from '../tensorflow.ts';
import { MODULE_WANTED, moduleFile } from './model-reference.ts';
import type { UserModelOptions } from './registry.ts';

type Builder = (options: UserModelOptions) => Tfjs.LayersModel | Promise<Tfjs.LayersModel>;

/**
 * Loads a user's module and returns its builder. An error inside the builder becomes an `InputError` with the user's own
 * error as `cause`.
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
      throw withCause(error, { path: 'model', got: `${path}: buildModel threw ${String(error)}`, want: 'a model' });
    }
  };
}

async function importModule(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw withCause(error, {
      path: 'model',
      got: `${path}, which cannot be loaded: ${String(error)}`,
      want: MODULE_WANTED,
    });
  }
}

function withCause(cause: unknown, problem: { path: string; got: string; want: string }): InputError {
  const error = new InputError(problem);
  error.cause = cause;
  return error;
}
