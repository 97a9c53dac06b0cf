import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImageFitter, type ImageShape } from './image-fitter.ts';

/** Images and labels of one part (training or test) of a source, before they are split, resized and shared. */
export interface SourcePart {
  /** Class index of every image. */
  labels: ArrayLike<number>;
  /**
   * Writes the images `indices`, one after the other and each in the shape the part was opened for, into `into`. Gives the
   * event loop its turn in between: the process that loads data also answers messages.
   *
   * @throws InputError for an image that cannot be read.
   */
  fill(indices: Uint32Array, into: Uint8Array): Promise<void>;
}

/** A data set as it lies on disk, opened: labels known, images ready to be read in any order. */
export interface Source {
  name: string;
  /** Class names; a label indexes them. */
  classes: string[];
  train: SourcePart;
  /** The data set's own test part, where it has one. */
  test?: SourcePart;
}

/** Images to make between two turns of the event loop: a few milliseconds' work. */
export const IMAGES_PER_TURN = 512;

/**
 * A part whose images are all of one size and at hand.
 *
 * @param read The image `index` as it is in the source, [height, width, channels] of 0…255; may be overwritten by the next.
 * @param from Shape of the images that `read` gives.
 * @param to Shape to bring them to.
 */
export function partInMemory(
  labels: ArrayLike<number>,
  read: (index: number) => Uint8Array,
  from: ImageShape,
  to: ImageShape,
): SourcePart {
  const imageBytes = to[0] * to[1] * to[2];
  return {
    labels,
    async fill(indices, into) {
      const fitter = new ImageFitter(to);
      for (const [position, index] of indices.entries()) {
        if (position % IMAGES_PER_TURN === IMAGES_PER_TURN - 1) await nextTurn();
        fitter.fit(read(index), from, into, position * imageBytes);
      }
    },
  };
}
