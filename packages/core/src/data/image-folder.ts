import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError, type InputProblem } from '../input-error.ts';
import type { Tfjs } from '../tensorflow.ts';
import { readFolderLayout } from './folder-layout.ts';
import { ImageFitter, type ImageShape } from './image-fitter.ts';
import type { Source, SourcePart } from './source.ts';

/** Files read at a time, while the ones before are being decoded; also what is decoded in one turn of the event loop. */
const FILES_PER_TURN = 64;

/**
 * A folder of PNG and JPEG files, one folder a class, with or without a test part (`readFolderLayout`). Images may be of
 * any size; they are decoded by TensorFlow's `DecodePng` and `DecodeJpeg` one at a time, straight into their place, so the
 * set is in memory once and at its final size.
 *
 * Transparency is dropped, 16-bit channels are cut to 8, an EXIF orientation is not followed.
 *
 * @throws InputError for a wrong layout; its parts' `fill` for files that are broken or neither PNG nor JPEG.
 */
export async function openImageFolder(folder: string, shape: ImageShape): Promise<Source> {
  const { classes, train, test } = await readFolderLayout(folder);
  return {
    name: basename(folder),
    classes,
    train: filesPart(train.files, train.labels, shape),
    ...(test === undefined ? {} : { test: filesPart(test.files, test.labels, shape) }),
  };
}

function filesPart(files: string[], labels: Uint16Array, shape: ImageShape): SourcePart {
  const imageBytes = shape[0] * shape[1] * shape[2];
  const fill = async (indices: Uint32Array, into: Uint8Array) => {
    // Not at the top of the file: who only checks a configuration must not load libtensorflow.
    const { tf } = await import('../tensorflow.ts');
    const fitter = new ImageFitter(shape);
    const turn = (start: number) =>
      readAll(Array.from(indices.subarray(start, start + FILES_PER_TURN), (index) => files[index] as string));
    let next = turn(0);
    for (let start = 0; start < indices.length; start += FILES_PER_TURN) {
      const contents = await next;
      next = turn(start + FILES_PER_TURN);
      const problems: InputProblem[] = [];
      contents.forEach(({ file, bytes }, number) => {
        const image = decode(tf, bytes);
        if (typeof image === 'string') problems.push({ file, got: image, want: 'a whole PNG or JPEG image' });
        else fitter.fit(image.pixels, image.shape, into, (start + number) * imageBytes);
      });
      if (problems.length > 0) {
        await next;
        throw new InputError(...problems);
      }
    }
  };
  return { labels, fill };
}

interface ReadFile {
  file: string;
  bytes: Uint8Array | Error;
}

/** Never rejects, because it runs ahead of the one who waits for it. */
function readAll(files: string[]): Promise<ReadFile[]> {
  return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file).catch((error: Error) => error) })));
}

/**
 * TensorFlow's own choice, the fast integer DCT, makes colours wrong: CIFAR-10 as JPEG comes out 1.2 levels too low in the
 * mean of red and of blue. This one gives what Pillow gives.
 */
const DCT_METHOD = 'INTEGER_ACCURATE';

const PNG = [0x89, 0x50, 0x4e, 0x47];
const JPEG = [0xff, 0xd8, 0xff];
const startsWith = (bytes: Uint8Array, magic: number[]): boolean => magic.every((byte, index) => bytes[index] === byte);

/** RGB pixels and shape, or what is wrong. */
function decode(tf: typeof Tfjs, bytes: Uint8Array | Error): { pixels: Int32Array; shape: ImageShape } | string {
  if (bytes instanceof Error) return `a file that cannot be read (${bytes.message})`;
  if (bytes.length === 0) return 'an empty file';
  const isPng = startsWith(bytes, PNG);
  if (!isPng && !startsWith(bytes, JPEG)) {
    return `a file that begins with ${Buffer.from(bytes.subarray(0, 4)).toString('hex')}`;
  }
  try {
    // Always as colour: of a grey image that is exact, and libpng and libjpeg weigh colours differently into grey.
    const image = isPng ? tf.node.decodePng(bytes, 3) : tf.node.decodeJpeg(bytes, 3, 1, true, false, 1, DCT_METHOD);
    // Not by returning from tf.tidy, which looks for tensors in every element of what it is given back.
    const pixels = image.dataSync<'int32'>();
    image.dispose();
    return { pixels, shape: image.shape };
  } catch (error) {
    return `an image that cannot be decoded (${(error as Error).message.replaceAll('\n', ' ')})`;
  }
}
