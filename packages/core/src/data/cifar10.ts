import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type InputProblem } from '../input-error.ts';
import { fileSize } from './data-files.ts';
import type { ImageShape } from './image-fitter.ts';
import { partInMemory, type Source, type SourcePart } from './source.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;
const TRAIN_FILES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
const TEST_FILE = 'test_batch.bin';
const META_FILE = 'batches.meta.txt';
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * CIFAR-10, binary version (A. Krizhevsky, 2009): a folder with `data_batch_1.bin` … `data_batch_5.bin` and
 * `test_batch.bin`, each a sequence of records of 1 label byte and 3 planes (red, green, blue) of 32×32 bytes. Class names
 * are read from `batches.meta.txt` where it is there. `test_batch.bin` is the test part.
 *
 * @throws InputError for a missing, empty or truncated file and for a label above 9.
 */
export async function openCifar10(folder: string, shape: ImageShape): Promise<Source> {
  await checkCifar10(folder);
  const classes = await readClasses(folder);
  return {
    name: 'cifar10',
    classes,
    train: await openBatches(
      TRAIN_FILES.map((name) => join(folder, name)),
      shape,
    ),
    test: await openBatches([join(folder, TEST_FILE)], shape),
  };
}

/** Whether the batch files are there and of a possible size. Reads none of them. */
export async function checkCifar10(folder: string): Promise<void> {
  const problems: InputProblem[] = [];
  for (const name of [...TRAIN_FILES, TEST_FILE]) {
    const file = join(folder, name);
    const bytes = await fileSize(file);
    if (bytes === undefined) {
      problems.push({ file, got: 'no such file', want: 'a batch of the binary version of CIFAR-10' });
    } else {
      const problem = sizeProblem(file, bytes);
      if (problem !== undefined) problems.push(problem);
    }
  }
  if (problems.length > 0) throw new InputError(...problems);
}

function sizeProblem(file: string, bytes: number): InputProblem | undefined {
  if (bytes > 0 && bytes % RECORD === 0) return undefined;
  return {
    file,
    got: `${bytes} bytes`,
    want: `a multiple of ${RECORD} bytes (label + 32×32 pixels × 3), at least one record`,
  };
}

async function readClasses(folder: string): Promise<string[]> {
  const file = join(folder, META_FILE);
  if ((await fileSize(file)) === undefined) return CLASSES;
  const names = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  const classes = names.filter((name) => name !== '');
  if (classes.length !== CLASSES.length || new Set(classes).size !== classes.length) {
    throw new InputError({
      file,
      got: `${classes.length} class names`,
      want: `${CLASSES.length} different ones, one a line`,
    });
  }
  return classes;
}

async function openBatches(files: string[], shape: ImageShape): Promise<SourcePart> {
  const batches = await Promise.all(files.map((file) => readFile(file)));
  const records: Uint8Array[] = [];
  batches.forEach((batch, number) => {
    const file = files[number] as string;
    // Again, because the file may have changed since its size was looked at.
    const problem = sizeProblem(file, batch.length);
    if (problem !== undefined) throw new InputError(problem);
    for (let start = 0; start < batch.length; start += RECORD) {
      const record = batch.subarray(start, start + RECORD);
      if ((record[0] as number) >= CLASSES.length) {
        const path = `record ${start / RECORD} (byte ${start})`;
        throw new InputError({ file, path, got: `label ${record[0]}`, want: `a label 0…${CLASSES.length - 1}` });
      }
      records.push(record);
    }
  });
  const labels = Uint8Array.from(records, (record) => record[0] as number);
  const interleaved = new Uint8Array(3 * PLANE);
  const read = (index: number) => {
    const record = records[index] as Uint8Array;
    for (let pixel = 0; pixel < PLANE; pixel++) {
      interleaved[3 * pixel] = record[1 + pixel] as number;
      interleaved[3 * pixel + 1] = record[1 + PLANE + pixel] as number;
      interleaved[3 * pixel + 2] = record[1 + 2 * PLANE + pixel] as number;
    }
    return interleaved;
  };
  return partInMemory(labels, read, [SIDE, SIDE, 3], shape);
}
