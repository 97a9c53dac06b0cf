import { requireChannelsLast } from './data-format.ts';
import type { LayerCall, LayerTranslation } from './layer-call.ts';

interface PoolFields {
  poolSize: [number, number];
  strides: [number, number];
  padding: 'same' | 'valid';
}

function readPool(call: LayerCall) {
  requireChannelsLast(call);
  const { poolSize, strides, padding } = call.fields<PoolFields>();
  return { window: poolSize, strides, padding };
}

/** `MaxPooling2D`. */
export const translateMaxPooling2D: LayerTranslation = (call) => call.emit('maxPool', readPool(call));

/** `AveragePooling2D`. */
export const translateAveragePooling2D: LayerTranslation = (call) => call.emit('averagePool', readPool(call));

/** `GlobalAveragePooling2D`. */
export const translateGlobalAveragePooling2D: LayerTranslation = (call) => {
  requireChannelsLast(call);
  return call.emit('globalAveragePool', {});
};

/**
 * `GlobalMaxPooling2D`, as a max pooling over the whole map. Among equal maxima the first gets the gradient; tfjs gives
 * all of them the whole of it, which no subgradient of a maximum does, and Keras an equal share.
 */
export const translateGlobalMaxPooling2D: LayerTranslation = (call) => {
  requireChannelsLast(call);
  const size = call.imageSize(call.input);
  const pooled = call.emit(
    'maxPool',
    { window: size, strides: size, padding: 'valid' },
    { outputShape: [null, 1, 1, call.inputShape.at(-1) ?? null] },
  );
  return call.emit('reshape', {}, { inputs: [pooled] });
};
