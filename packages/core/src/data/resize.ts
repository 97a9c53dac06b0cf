/**
 * Bilinear resizing with half-pixel centres: output pixel i reads the input at (i + ½) · in / out − ½, clamped to the
 * edge. The rule of TensorFlow's `ResizeBilinear` with `half_pixel_centers=true` (`tf.image.resizeBilinear(images, size,
 * false, true)`), and like it without a smoothing filter when an image is made smaller.
 *
 * Plain double arithmetic and rounding to the nearest byte (halves up), so the bytes, and with them the data set's hash,
 * are the same on every machine; TensorFlow's own op leaves that to its vector units.
 */
export class BilinearResizer {
  readonly #rows: Axis;
  /** The columns, and in each the channels, of one row as one run of elements. */
  readonly #elements: Axis;
  #above: Float64Array;
  #below: Float64Array;

  constructor(
    from: readonly [height: number, width: number],
    to: readonly [height: number, width: number],
    channels: number,
  ) {
    this.#rows = positions(from[0], to[0], from[1] * channels);
    this.#elements = repeatForChannels(positions(from[1], to[1], channels), channels);
    this.#above = new Float64Array(to[1] * channels);
    this.#below = new Float64Array(to[1] * channels);
  }

  /** Resizes one image [height, width, channels] of values 0…255 and writes it into `into` from `offset` on. */
  resize(image: Uint8Array | Int32Array, into: Uint8Array, offset: number): void {
    const { lower: tops, upper: bottoms, share: rowShares } = this.#rows;
    const elements = this.#above.length;
    // An enlarged image reads the same two rows several times over: they are kept, and handed on from below to above.
    let rowAbove = -1;
    let rowBelow = -1;
    for (let row = 0; row < tops.length; row++) {
      const top = tops[row] as number;
      const bottom = bottoms[row] as number;
      if (top === rowBelow && top !== rowAbove) {
        [this.#above, this.#below] = [this.#below, this.#above];
        [rowAbove, rowBelow] = [rowBelow, rowAbove];
      }
      if (top !== rowAbove) resizeRow(image, top, this.#elements, this.#above);
      if (bottom !== rowBelow) resizeRow(image, bottom, this.#elements, this.#below);
      rowAbove = top;
      rowBelow = bottom;
      const above = this.#above;
      const below = this.#below;
      const rowShare = rowShares[row] as number;
      const start = offset + row * elements;
      for (let element = 0; element < elements; element++) {
        const upper = above[element] as number;
        into[start + element] = upper + ((below[element] as number) - upper) * rowShare + 0.5;
      }
    }
  }
}

/** For each output position the two input positions it lies between (as offsets) and the share of the second. */
interface Axis {
  lower: Uint32Array;
  upper: Uint32Array;
  share: Float64Array;
}

function positions(from: number, to: number, stride: number): Axis {
  const lower = new Uint32Array(to);
  const upper = new Uint32Array(to);
  const share = new Float64Array(to);
  for (let index = 0; index < to; index++) {
    const position = ((index + 0.5) * from) / to - 0.5;
    const floor = Math.floor(position);
    lower[index] = Math.max(floor, 0) * stride;
    upper[index] = Math.min(floor + 1, from - 1) * stride;
    share[index] = position - floor;
  }
  return { lower, upper, share };
}

function repeatForChannels({ lower, upper, share }: Axis, channels: number): Axis {
  const column = (element: number) => Math.floor(element / channels);
  const elements = { length: lower.length * channels };
  return {
    lower: Uint32Array.from(elements, (_, element) => (lower[column(element)] as number) + (element % channels)),
    upper: Uint32Array.from(elements, (_, element) => (upper[column(element)] as number) + (element % channels)),
    share: Float64Array.from(elements, (_, element) => share[column(element)] as number),
  };
}

function resizeRow(image: Uint8Array | Int32Array, start: number, elements: Axis, into: Float64Array): void {
  const { lower, upper, share } = elements;
  for (let element = 0; element < into.length; element++) {
    const left = image[start + (lower[element] as number)] as number;
    const right = image[start + (upper[element] as number)] as number;
    into[element] = left + (right - left) * (share[element] as number);
  }
}
