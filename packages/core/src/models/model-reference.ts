import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, InputError } from '../input-error.ts';

/** Names that `model:` may hold, apart from the path of a module. */
export const MODEL_NAMES = ['mobileNetV2', 'smallConvNet'] as const;

export const isBuiltIn = (name: string): name is (typeof MODEL_NAMES)[number] =>
  (MODEL_NAMES as readonly string[]).includes(name);

export const MODULE_WANTED = 'an ES module that exports buildModel(options), by that name or as its default';

/** File of a user's model module. */
export const moduleFile = (path: string, folder: string): string => resolve(folder, path);

/**
 * Whether `model:` names something that is there: a built-in network, or a file. Needs no TensorFlow, so a sweep can be
 * refused before anything starts.
 *
 * @param folder Folder that a relative path starts from.
 * @throws InputError if not.
 */
export function checkModelReference(model: string, folder: string): void {
  if (isBuiltIn(model)) return;
  if (!/[/\\]/.test(model) && !/\.[cm]?[jt]s$/.test(model)) {
    const want = `${MODEL_NAMES.join(', ')}, or the path of a module such as ./my-model.mjs`;
    throw new InputError({ path: 'model', got: describe(model), want });
  }
  const file = moduleFile(model, folder);
  if (!existsSync(file)) {
    throw new InputError({ path: 'model', got: `${model}, but there is no file ${file}`, want: MODULE_WANTED });
  }
}
