import * as v from 'valibot';
import { InputError } from '../input-error.ts';
import { type DataConfig, type DataConfigInput, DataConfigSchema } from '../sweep/trial-config.ts';
import { checkDataConfig, type DataOptions, dataPath, noTestPart } from './check-data-config.ts';
import { openCifar10 } from './cifar10.ts';
import { configProblem } from './config-place.ts';
import type { Dataset, ImageSet } from './dataset.ts';
import { datasetHash } from './dataset-hash.ts';
import { openDigits } from './digits.ts';
import { openIdx } from './idx.ts';
import type { ImageShape } from './image-fitter.ts';
import { openImageFolder } from './image-folder.ts';
import { sharedImageSets } from './shared-memory.ts';
import type { Source, SourcePart } from './source.ts';
import { splitImages, stratifiedOrder } from './split.ts';
import { openSynthetic } from './synthetic.ts';

/** Share held out for validation where a source has no test part and the configuration says nothing. */
const DEFAULT_VALIDATION = 0.2;

const NORMALIZATIONS: Record<DataConfig['normalization'], { scale: number; offset: number }> = {
  signed: { scale: 2 / 255, offset: -1 },
  unit: { scale: 1 / 255, offset: 0 },
};

/**
 * Reads a data set into shared memory, resized and split: once a machine, then posted to every thread.
 *
 * Validation is the source's own test part where it has one, else a fifth of the images; `validation` sets either. With a
 * share, a test part stays unread. Which images are held out depends on `splitSeed`, the share and the labels alone.
 * Training images lie in a seeded order of which every beginning is balanced (`stratifiedOrder`), so that `limit` takes a
 * fair sample.
 *
 * @throws InputError for a configuration that does not fit its data, and for data that cannot be used.
 */
export async function loadDataset(input: DataConfigInput, options: DataOptions): Promise<Dataset> {
  const config = v.parse(DataConfigSchema, input);
  await checkDataConfig(config, options);
  const shape: [number, number, number] = [config.imageSize, config.imageSize, config.channels];
  const source = await openSource(config, options, shape);
  const parts = divide(source, config, options);
  const { train, validation } = sharedImageSets(
    { train: parts.train.indices.length, validation: parts.validation.indices.length },
    shape,
    source.classes.length,
    options,
  );
  await fill(train, parts.train);
  await fill(validation, parts.validation);
  const { scale, offset } = NORMALIZATIONS[config.normalization];
  const dataset = { name: source.name, classes: source.classes, shape, scale, offset, train, validation };
  return { ...dataset, hash: await datasetHash(dataset) };
}

async function openSource(config: DataConfig, options: DataOptions, shape: ImageShape): Promise<Source> {
  const path = dataPath(config, options);
  switch (config.source) {
    case 'digits':
      return openDigits(shape);
    case 'synthetic':
      return openSynthetic(shape, config.classes, config.images);
    case 'cifar10':
      return openCifar10(path, shape);
    case 'idx':
      return openIdx(path, shape);
    case 'folder':
      return openImageFolder(path, shape);
  }
}

interface Selection {
  part: SourcePart;
  indices: Uint32Array;
}

function divide(source: Source, config: DataConfig, options: DataOptions): { train: Selection; validation: Selection } {
  const validation = config.validation ?? (source.test === undefined ? DEFAULT_VALIDATION : 'test');
  if (validation === 'test') {
    if (source.test === undefined) throw noTestPart(config, options);
    const order = stratifiedOrder(source.train.labels, config.splitSeed);
    return {
      train: { part: source.train, indices: order.subarray(0, config.limit) },
      validation: { part: source.test, indices: Uint32Array.from(source.test.labels, (_, index) => index) },
    };
  }
  if (source.train.labels.length < 2) {
    const got = `a share of ${source.train.labels.length} image`;
    throw new InputError(configProblem(options, 'validation', got, 'at least 2 images to split'));
  }
  const split = splitImages(source.train.labels, validation, config.splitSeed);
  return {
    train: { part: source.train, indices: split.train.subarray(0, config.limit) },
    validation: { part: source.train, indices: split.validation },
  };
}

async function fill(images: ImageSet, { part, indices }: Selection): Promise<void> {
  indices.forEach((index, position) => {
    images.labels[position] = part.labels[index] as number;
  });
  await part.fill(indices, images.pixels);
}
