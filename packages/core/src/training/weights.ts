import { createHash } from 'node:crypto';
import { finite, type WeightsLine } from '../sweep/events.ts';
import { type Tfjs, tf } from '../tensorflow.ts';

type Layer = Tfjs.LayersModel['layers'][number];

const LINE_LENGTH = 10;

/** The layer whose weights the article prints: the first convolution, or the first layer with weights if there is none. */
export function firstConvolution(model: Tfjs.LayersModel): Layer | undefined {
  const layers = leafLayers(model);
  return layers.find((layer) => layer.getClassName().includes('Conv')) ?? layers.find(hasWeights);
}

/** A layer of the model by name, also inside nested models. */
export const layerNamed = (model: Tfjs.LayersModel, name: string): Layer | undefined =>
  leafLayers(model).find((layer) => layer.name === name);

/** Names of the layers that have weights. */
export const layerNames = (model: Tfjs.LayersModel): string[] =>
  leafLayers(model)
    .filter(hasWeights)
    .map((layer) => layer.name);

/** All values of a layer's first weight, the kernel of a convolution, in row-major order. */
const kernelValues = (layer: Layer): Float32Array =>
  layer.weights[0]?.read().dataSync<'float32'>() ?? new Float32Array();

/** The first ten kernel values of the first convolution and the norm of the whole kernel. */
export function weightsLine(model: Tfjs.LayersModel): WeightsLine {
  const layer = firstConvolution(model);
  if (layer === undefined) return { layer: '', values: [], norm: 0 };
  const kernel = kernelValues(layer);
  return {
    layer: layer.name,
    values: Array.from(kernel.subarray(0, LINE_LENGTH), finite),
    // In double precision: the sum of 864 squares in float32 would lose two digits.
    norm: finite(Math.sqrt(kernel.reduce((squares, w) => squares + w * w, 0))),
  };
}

/**
 * SHA-256 (hex) over all weights in model order, moving statistics included, as little-endian float32: equal if and only
 * if two models agree to the last bit.
 */
export function weightsHash(model: Tfjs.LayersModel): string {
  const hash = createHash('sha256');
  for (const weight of model.weights) {
    const values = weight.read().dataSync();
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

/** Whether every weight is a finite number, moving statistics included. One pass over all of them: some 10 ms for MobileNetV2. */
export const hasFiniteWeights = (model: Tfjs.LayersModel): boolean =>
  model.weights.every((weight) => areFinite(weight.read().dataSync()));

/** A loop, not `every`, which takes eight times as long. */
function areFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

const hasWeights = (layer: Layer): boolean => layer.weights.length > 0;

const leafLayers = (model: Tfjs.LayersModel): Layer[] =>
  model.layers.flatMap((layer) => (layer instanceof tf.LayersModel ? leafLayers(layer) : [layer]));
