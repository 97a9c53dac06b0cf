/**
 * What every contestant does: the same training step on the same batch.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BATCH_SIZE = 32;
const CLASSES = 10;
/** Of MobileNetV2 at α = 1 with ten classes, moving statistics included. */
export const PARAMETERS = 2_270_794;

/**
 * @typedef {object} Task
 * @property {number} imageSize
 * @property {number} batchSize
 * @property {number} classes
 * @property {number} l2 coefficient of Σw² over every kernel and the head's bias
 * @property {number} learningRate
 * @property {number} seconds length of the measurement
 * @property {string} images file of float32, [batch, height, width, 3]
 * @property {string} labels file of int32, [batch]
 */

/** Writes one batch into a folder, so that contestants in any language read the same bytes.
 * @param {string} folder
 * @param {number} imageSize
 * @param {number} seconds
 * @returns {Task}
 */
export function prepareTask(folder, imageSize, seconds) {
  const images = join(folder, `images-${imageSize}.f32`);
  const labels = join(folder, `labels-${imageSize}.i32`);
  const random = pixelNoise(imageSize);
  writeFileSync(
    images,
    Float32Array.from({ length: BATCH_SIZE * imageSize * imageSize * 3 }, () => random()),
  );
  writeFileSync(
    labels,
    Int32Array.from({ length: BATCH_SIZE }, (_, image) => image % CLASSES),
  );
  return {
    imageSize,
    batchSize: BATCH_SIZE,
    classes: CLASSES,
    l2: 1e-3,
    learningRate: 0.1,
    seconds,
    images,
    labels,
  };
}

/** Numbers of −1…1 by a xorshift generator. @param {number} seed */
function pixelNoise(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
