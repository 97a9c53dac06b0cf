import { BilinearResizer } from './resize.ts';

/** [height, width, channels] */
export type ImageShape = readonly [number, number, number];

/**
 * Brings images of any size, grey or colour, to one shape: bilinear resizing (`BilinearResizer`), then channels.
 *
 * Grey becomes colour by repetition. Colour becomes grey by Rec. 601 luma, (299 R + 587 G + 114 B) / 1000 rounded: what
 * JPEG stores as brightness and what Pillow and `tf.image.rgbToGrayscale` compute. A grey image saved as colour comes
 * back exactly.
 */
export class ImageFitter {
  readonly #shape: ImageShape;
  readonly #resized = new Map<number, Uint8Array>();
  #resizer: BilinearResizer | undefined;
  #resizerFor = '';

  constructor(shape: ImageShape) {
    this.#shape = shape;
  }

  /** Writes `image`, [height, width, 1 or 3] of values 0…255, into `into` from `offset` on. */
  fit(image: Uint8Array | Int32Array, from: ImageShape, into: Uint8Array, offset: number): void {
    const [height, width, channels] = this.#shape;
    const sameSize = from[0] === height && from[1] === width;
    if (from[2] === channels) {
      if (sameSize) into.set(image, offset);
      else this.#resizerOf(from).resize(image, into, offset);
      return;
    }
    const right = sameSize ? image : this.#resize(image, from);
    if (from[2] === 1) repeatGrey(right, height * width, into, offset);
    else luma(right, height * width, into, offset);
  }

  #resize(image: Uint8Array | Int32Array, from: ImageShape): Uint8Array {
    const [height, width] = this.#shape;
    let resized = this.#resized.get(from[2]);
    if (resized === undefined) {
      resized = new Uint8Array(height * width * from[2]);
      this.#resized.set(from[2], resized);
    }
    this.#resizerOf(from).resize(image, resized, 0);
    return resized;
  }

  /** The tables of the last size are kept: images of a set are mostly of one size. */
  #resizerOf(from: ImageShape): BilinearResizer {
    const key = from.join();
    if (this.#resizer === undefined || this.#resizerFor !== key) {
      this.#resizer = new BilinearResizer([from[0], from[1]], [this.#shape[0], this.#shape[1]], from[2]);
      this.#resizerFor = key;
    }
    return this.#resizer;
  }
}

function repeatGrey(grey: Uint8Array | Int32Array, pixels: number, into: Uint8Array, offset: number): void {
  for (let pixel = 0; pixel < pixels; pixel++)
    into.fill(grey[pixel] as number, offset + 3 * pixel, offset + 3 * pixel + 3);
}

function luma(colour: Uint8Array | Int32Array, pixels: number, into: Uint8Array, offset: number): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    const red = colour[3 * pixel] as number;
    const green = colour[3 * pixel + 1] as number;
    const blue = colour[3 * pixel + 2] as number;
    into[offset + pixel] = (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }
}
