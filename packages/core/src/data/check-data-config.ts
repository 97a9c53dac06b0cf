import { resolve } from 'node:path';
import { InputError, type InputProblem } from '../input-error.ts';
import type { DataConfig } from '../sweep/trial-config.ts';
import { checkCifar10 } from './cifar10.ts';
import { type ConfigPlace, configProblem } from './config-place.ts';
import { fileSize, isFolder } from './data-files.ts';
import { readFolderLayout } from './folder-layout.ts';
import { checkIdx } from './idx.ts';
import { SYNTHETIC_CLASSES, SYNTHETIC_IMAGES } from './synthetic.ts';

export interface DataOptions extends ConfigPlace {
  /** Folder that `path` of the configuration is relative to: the sweep file's. */
  baseDirectory: string;
}

/** Where the data of a configuration lies; only for sources that have a path. */
export const dataPath = (config: DataConfig, options: DataOptions): string =>
  resolve(options.baseDirectory, config.path ?? '');

const NEEDS_PATH: Record<DataConfig['source'], string | undefined> = {
  digits: undefined,
  synthetic: undefined,
  folder: 'the folder that holds one folder of images a class',
  cifar10: 'the folder that holds data_batch_1.bin … data_batch_5.bin and test_batch.bin',
  idx: 'the folder that holds train-images-idx3-ubyte and the like, or a file prefix',
};

/**
 * Whether the data of a configuration can be there: keys that fit the source, path, layout, files, sizes and headers. Quick
 * (no image is decoded) and without TensorFlow, so that a sweep is refused before anything starts. What only shows on
 * reading, a wrong label or a torn JPEG, is found by `loadDataset`.
 *
 * @throws InputError
 */
export async function checkDataConfig(config: DataConfig, options: DataOptions): Promise<void> {
  const problems = await keyProblems(config, options);
  if (problems.length > 0) throw new InputError(...problems);
  const hasTest = await checkFiles(config, options);
  if (config.validation === 'test' && !hasTest) throw noTestPart(config, options);
}

/** The error of `validation: test` where there is no test part. */
export function noTestPart(config: DataConfig, place: ConfigPlace): InputError {
  const got = `"test" for ${config.source} data without a test part`;
  return new InputError(configProblem(place, 'validation', got, 'a share of the images, such as 0.2'));
}

async function keyProblems(config: DataConfig, options: DataOptions): Promise<InputProblem[]> {
  const problems: InputProblem[] = [];
  const problem = (key: string, got: string, want: string) => problems.push(configProblem(options, key, got, want));
  const { source } = config;
  const wantedPath = NEEDS_PATH[source];
  if (config.path === undefined || config.path === '') {
    if (wantedPath !== undefined) problem('path', `no path for source ${source}`, wantedPath);
  } else if (wantedPath === undefined) {
    // A forgotten `source: folder` would otherwise train on the digits without a word.
    problem('path', `${JSON.stringify(config.path)} for source ${source}`, 'no path, or another source');
  } else {
    const path = dataPath(config, options);
    const isPrefix = source === 'idx' && (await isFolder(resolve(path, '..')));
    if (!isPrefix && !(await isFolder(path))) {
      const kind = (await fileSize(path)) === undefined ? 'no such folder' : 'a file';
      problem('path', `${JSON.stringify(config.path)} (${kind}: ${path})`, wantedPath);
    }
  }
  if (source !== 'synthetic') {
    for (const key of ['classes', 'images'] as const) {
      if (config[key] !== undefined) {
        problem(key, `${config[key]} for source ${source}`, 'it for source synthetic only');
      }
    }
    return problems;
  }
  const classes = config.classes ?? SYNTHETIC_CLASSES;
  const images = config.images ?? SYNTHETIC_IMAGES;
  if (images < 2 * classes) problem('images', `${images} for ${classes} classes`, 'at least 2 a class');
  if (classes > 2 ** 16) problem('classes', String(classes), `at most ${2 ** 16}`);
  return problems;
}

/** @returns whether the source has a test part of its own. */
async function checkFiles(config: DataConfig, options: DataOptions): Promise<boolean> {
  const path = dataPath(config, options);
  switch (config.source) {
    case 'digits':
    case 'synthetic':
      return false;
    case 'cifar10':
      await checkCifar10(path);
      return true;
    case 'idx':
      return (await checkIdx(path)).hasTest;
    case 'folder':
      return (await readFolderLayout(path)).test !== undefined;
  }
}
