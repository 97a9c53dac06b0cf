import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageShape } from './image-fitter.ts';
import { hashSeed, Random } from './random.ts';
import { BilinearResizer } from './resize.ts';
import { IMAGES_PER_TURN, type Source } from './source.ts';

/** Defaults of the keys `classes` and `images`. */
export const SYNTHETIC_CLASSES = 10;
export const SYNTHETIC_IMAGES = 2_000;

/** Side of the grid of random bytes that a class's pattern is grown from. */
const GRID = 4;
/** Each image is its pattern moved around the edge by up to this share of the side, either way. */
const MOVE = 1 / 8;
/** An image shows between these shares of its pattern's contrast. */
const CONTRAST = [0.3, 0.7] as const;

/**
 * Made-up images, quick to have at any size and the same on every machine: what to try a sweep on, not what to conclude
 * from. Labels go round: image i is of class i mod `classes`.
 *
 * A class is a smooth pattern: a 4×4 grid of random bytes per channel, resized to the image. An image is its class's
 * pattern or, as often, the negative of it, at 30–70 % of its contrast around mid-grey, moved round the edge by up to an
 * eighth of the side, plus noise in every byte of standard deviation 37 (of 255): the sum of four uniform integers
 * −32…32, so that no rounding of a logarithm or cosine decides a byte. The negatives make the mean image of every class
 * grey, so a linear classifier stays near guessing while a small convolutional network learns the set in a few epochs.
 */
export function openSynthetic(shape: ImageShape, classes = SYNTHETIC_CLASSES, images = SYNTHETIC_IMAGES): Source {
  const patterns = Array.from({ length: classes }, (_, label) => pattern(label, shape));
  const imageBytes = shape[0] * shape[1] * shape[2];
  return {
    name: 'synthetic',
    classes: Array.from({ length: classes }, (_, label) => `pattern ${label}`),
    train: {
      labels: Uint16Array.from({ length: images }, (_, index) => index % classes),
      async fill(indices, into) {
        for (const [position, index] of indices.entries()) {
          const image = into.subarray(position * imageBytes, (position + 1) * imageBytes);
          if (position % IMAGES_PER_TURN === IMAGES_PER_TURN - 1) await nextTurn();
          drawImage(index, patterns[index % classes] as Uint8Array, shape, image);
        }
      },
    },
  };
}

function pattern(label: number, [height, width, channels]: ImageShape): Uint8Array {
  const random = new Random(hashSeed('synthetic pattern', label));
  const grid = Uint8Array.from({ length: GRID * GRID * channels }, () => random.below(256));
  const bytes = new Uint8Array(height * width * channels);
  new BilinearResizer([GRID, GRID], [height, width], channels).resize(grid, bytes, 0);
  return bytes;
}

function drawImage(index: number, pattern: Uint8Array, [height, width, channels]: ImageShape, into: Uint8Array): void {
  const random = new Random(hashSeed('synthetic image', index));
  const down = moveBy(height, random);
  const right = moveBy(width, random);
  const sign = random.below(2) === 0 ? 1 : -1;
  const contrast = sign * (CONTRAST[0] + (CONTRAST[1] - CONTRAST[0]) * random.unit());
  let at = 0;
  for (let row = 0; row < height; row++) {
    const from = ((row + height - down) % height) * width;
    for (let column = 0; column < width; column++) {
      const start = (from + ((column + width - right) % width)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const clean = 128 + contrast * ((pattern[start + channel] as number) - 128);
        into[at++] = Math.min(Math.max(Math.round(clean + noise(random)), 0), 255);
      }
    }
  }
}

/** A shift of −side/8…side/8, brought into 0…side − 1. */
function moveBy(side: number, random: Random): number {
  const most = Math.floor(side * MOVE);
  return (random.below(2 * most + 1) - most + side) % side;
}

/** Sum of four uniform integers −32…32, out of one random word: variance 4 · (65² − 1) / 12. */
function noise(random: Random): number {
  let word = random.uint32();
  let sum = -128;
  for (let term = 0; term < 4; term++) {
    // 256 bytes onto 65 numbers: 61 of them get four bytes and 4 get three, which a noise can bear.
    sum += ((word & 0xff) * 65) >>> 8;
    word >>>= 8;
  }
  return sum;
}
