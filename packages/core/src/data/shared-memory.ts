import { totalmem } from 'node:os';
import { InputError } from '../input-error.ts';
import { type ConfigPlace, configProblem } from './config-place.ts';
import type { ImageSet } from './dataset.ts';

/** Memory this process may use, in bytes: the machine's, or the container's limit where that is lower. */
export function memoryLimit(): number {
  // "Not known" and "no limit" come as 0, undefined or a huge number, by version of Node.
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/**
 * Image sets without content, on SharedArrayBuffers.
 *
 * A SharedArrayBuffer larger than the memory is handed out all the same and kills the process while it is being filled, so
 * the size is compared with the limit first.
 *
 * @throws InputError when the images would not fit.
 */
export function sharedImageSets(
  counts: { train: number; validation: number },
  shape: readonly [number, number, number],
  classes: number,
  place: ConfigPlace,
  limit: number = memoryLimit(),
): { train: ImageSet; validation: ImageSet } {
  const images = counts.train + counts.validation;
  const imageBytes = shape[0] * shape[1] * shape[2];
  const refusal = (most: string) =>
    new InputError(
      configProblem(
        place,
        'imageSize',
        `${images} images of ${shape.join('×')} bytes, ${mebibytes(images * imageBytes)} in all`,
        `${most}: a smaller imageSize, or a limit on the images`,
      ),
    );
  if (images * imageBytes > limit) throw refusal(`at most ${mebibytes(limit)}`);
  const imageSet = (count: number): ImageSet => ({
    count,
    pixels: new Uint8Array(new SharedArrayBuffer(count * imageBytes)),
    labels:
      classes <= 256 ? new Uint8Array(new SharedArrayBuffer(count)) : new Uint16Array(new SharedArrayBuffer(2 * count)),
  });
  try {
    return { train: imageSet(counts.train), validation: imageSet(counts.validation) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refusal('what one array of this version of Node holds');
  }
}
