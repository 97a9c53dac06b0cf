import { hashSeed, Random, shuffle } from './random.ts';

/**
 * The images in a seeded order of which every beginning is a fair sample: among the first m images each class has its
 * share of m, up to one image or so. A validation part and a `limit` cut off such an order are therefore balanced like the
 * whole, however the source sorts its images.
 *
 * Each class is shuffled by itself and spread evenly over [0, 1) from a random start: its j-th image stands at
 * (j + u) / size of the class.
 */
export function stratifiedOrder(labels: ArrayLike<number>, seed: number): Uint32Array {
  const members = new Map<number, number[]>();
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] as number;
    const list = members.get(label);
    if (list === undefined) members.set(label, [index]);
    else list.push(index);
  }
  const position = new Float64Array(labels.length);
  for (const [label, list] of members) {
    const start = new Random(hashSeed('split start', seed, label)).unit();
    shuffle(hashSeed('split order', seed, label), list.length).forEach((member, rank) => {
      position[list[member] as number] = (rank + start) / list.length;
    });
  }
  const order = Uint32Array.from({ length: labels.length }, (_, index) => index);
  return order.sort((a, b) => (position[a] as number) - (position[b] as number) || a - b);
}

export interface Split {
  /** Indices of the training images. */
  train: Uint32Array;
  /** Indices of the validation images. */
  validation: Uint32Array;
}

/**
 * Holds out `share` of the images, at least one and not all: a fixed function of the labels, the share and the seed.
 * A smaller share holds out a part of what a larger one does. Needs two images.
 */
export function splitImages(labels: ArrayLike<number>, share: number, seed: number): Split {
  if (labels.length < 2) throw new RangeError(`got ${labels.length} images, want at least 2 to split`);
  const order = stratifiedOrder(labels, seed);
  const heldOut = Math.min(Math.max(Math.round(labels.length * share), 1), labels.length - 1);
  return { validation: order.subarray(0, heldOut), train: order.subarray(heldOut) };
}
