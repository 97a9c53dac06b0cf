import { basename, join } from 'node:path';
import { InputError, type InputProblem } from '../input-error.ts';
import { fileSize, isFolder } from './data-files.ts';
import { readIdx, readIdxDimensions } from './idx-file.ts';
import type { ImageShape } from './image-fitter.ts';
import { partInMemory, type Source, type SourcePart } from './source.ts';

const TRAIN = ['train'];
// EMNIST and QMNIST say `test` where MNIST, Fashion-MNIST and KMNIST say `t10k`.
const TEST = ['t10k', 'test'];

interface PartFiles {
  images: string;
  labels: string;
}

interface IdxFiles {
  train: PartFiles;
  test?: PartFiles;
}

/**
 * A data set of the MNIST family: `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and as test part, where they
 * are there, the two files that begin with `t10k` (or `test`). Each plain or with `.gz`; `-images.idx3-ubyte` is known too.
 *
 * The classes are the labels that occur in the training part, in order and without a gap (EMNIST letters begin at 1).
 * EMNIST stores its images transposed; they are taken as they lie.
 *
 * @param path The folder, or a file prefix such as `data/emnist-balanced`.
 * @throws InputError for missing, truncated and mislabelled files.
 */
export async function openIdx(path: string, shape: ImageShape): Promise<Source> {
  const files = await findFiles(path);
  const train = await openPart(files.train, shape);
  const classes = distinctLabels(train.raw, files.train.labels);
  const test = files.test === undefined ? undefined : await openPart(files.test, shape);
  return {
    name: basename(path),
    classes: classes.map(String),
    train: classify(train, classes, files.train.labels),
    ...(test === undefined ? {} : { test: classify(test, classes, files.test?.labels as string) }),
  };
}

/** Whether the files are there, and their headers (of plain files also their lengths) agree. @returns the source's parts. */
export async function checkIdx(path: string): Promise<{ hasTest: boolean }> {
  const files = await findFiles(path);
  for (const part of [files.train, files.test]) {
    if (part === undefined) continue;
    const [images] = await readIdxDimensions(part.images, 3);
    const [labels] = await readIdxDimensions(part.labels, 1);
    checkCounts(part, images as number, labels as number);
  }
  return { hasTest: files.test !== undefined };
}

async function findFiles(path: string): Promise<IdxFiles> {
  const prefixes = (await isFolder(path)) ? [join(path, '/')] : [path, `${path}-`];
  const train = await findPart(prefixes, TRAIN);
  const test = await findPart(prefixes, TEST);
  const problems: InputProblem[] = [];
  if (train.images === undefined) problems.push(missing(path, 'train-images-idx3-ubyte'));
  if (train.labels === undefined) problems.push(missing(path, 'train-labels-idx1-ubyte'));
  // One without the other is a download that broke off, not a data set without a test part.
  if (test.images === undefined && test.labels !== undefined) problems.push(missing(path, 't10k-images-idx3-ubyte'));
  if (test.images !== undefined && test.labels === undefined) problems.push(missing(path, 't10k-labels-idx1-ubyte'));
  if (problems.length > 0) throw new InputError(...problems);
  return { train: train as PartFiles, ...(test.images === undefined ? {} : { test: test as PartFiles }) };
}

function missing(path: string, name: string): InputProblem {
  return { file: path, got: `no ${name} in this folder or behind this prefix`, want: `${name} or ${name}.gz` };
}

async function findPart(prefixes: string[], stems: string[]): Promise<Partial<PartFiles>> {
  const images = await findFile(prefixes, stems, 'images', 'idx3-ubyte');
  const labels = await findFile(prefixes, stems, 'labels', 'idx1-ubyte');
  return { ...(images === undefined ? {} : { images }), ...(labels === undefined ? {} : { labels }) };
}

async function findFile(
  prefixes: string[],
  stems: string[],
  what: string,
  format: string,
): Promise<string | undefined> {
  for (const prefix of prefixes) {
    for (const stem of stems) {
      for (const ending of [`-${format}`, `.${format}`, `-${format}.gz`, `.${format}.gz`]) {
        const file = `${prefix}${stem}-${what}${ending}`;
        if ((await fileSize(file)) !== undefined) return file;
      }
    }
  }
  return undefined;
}

async function openPart(files: PartFiles, shape: ImageShape): Promise<SourcePart & { raw: Uint8Array }> {
  const images = await readIdx(files.images, 3);
  const labels = await readIdx(files.labels, 1);
  const [count, height, width] = images.dimensions as [number, number, number];
  checkCounts(files, count, labels.elements.length);
  const bytes = height * width;
  const read = (index: number) => images.elements.subarray(index * bytes, (index + 1) * bytes);
  return { ...partInMemory(labels.elements, read, [height, width, 1], shape), raw: labels.elements };
}

function checkCounts(files: PartFiles, images: number, labels: number): void {
  if (images === labels) return;
  const want = `${images}, as ${basename(files.images)} has images`;
  throw new InputError({ file: files.labels, got: `${labels} labels`, want });
}

/** The labels that occur, ascending. A gap betrays a wrong label: no file of the family leaves a class out. */
function distinctLabels(labels: Uint8Array, file: string): number[] {
  const distinct = [...new Set(labels)].sort((a, b) => a - b);
  const gap = distinct.findIndex((label, index) => index > 0 && label !== (distinct[index - 1] as number) + 1);
  if (gap !== -1) {
    const label = distinct[gap] as number;
    const last = distinct[gap - 1] as number;
    const record = labels.indexOf(label);
    const want = `labels without a gap (none is ${last + 1})`;
    throw new InputError({ file, path: `record ${record}`, got: `label ${label}`, want });
  }
  if (distinct.length < 2) throw new InputError({ file, got: `only label ${distinct[0]}`, want: 'at least 2 classes' });
  return distinct;
}

/** Labels as class indices. */
function classify(part: SourcePart & { raw: Uint8Array }, classes: number[], file: string): SourcePart {
  const first = classes[0] as number;
  const last = classes.at(-1) as number;
  const wrong = part.raw.findIndex((label) => label < first || label > last);
  if (wrong !== -1) {
    const want = `a label ${first}…${last}, as in the training part`;
    throw new InputError({ file, path: `record ${wrong}`, got: `label ${part.raw[wrong]}`, want });
  }
  return { labels: part.raw.map((label) => label - first), fill: part.fill };
}
