/**
 * A labelled image set in memory that every thread can read: pixels and labels lie in SharedArrayBuffers, so a
 * `Dataset` is posted to a worker without a copy. Plain data, no methods (structured clone drops them).
 */
export interface ImageSet {
  /** Number of images. */
  count: number;
  /** Pixels 0…255, row-major [count, height, width, channels], on a SharedArrayBuffer. */
  pixels: Uint8Array;
  /** Class index per image, on a SharedArrayBuffer. */
  labels: Uint8Array | Uint16Array;
}

export interface Dataset {
  /** `digits`, `cifar10`, or the folder's name. */
  name: string;
  /** Class names; a label indexes them. */
  classes: string[];
  /** [height, width, channels] of one image. */
  shape: [number, number, number];
  /** pixel · scale + offset is what the network sees. */
  scale: number;
  offset: number;
  train: ImageSet;
  validation: ImageSet;
  /** SHA-256 (hex) over shape, classes, pixels and labels: notices that data changed between two runs. */
  hash: string;
}
