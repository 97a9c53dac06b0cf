import { emitOwnActivation } from './activations.ts';
import type { LayerTranslation } from './layer-call.ts';

/** `Dense`. */
export const translateDense: LayerTranslation = (call) => {
  const product = call.emit('dense', {}, { weights: { kernel: call.weight('kernel') } });
  const { useBias } = call.fields<{ useBias: boolean }>();
  const biased = useBias
    ? call.emit('biasAdd', {}, { inputs: [product], weights: { bias: call.weight('bias') } })
    : product;
  return emitOwnActivation(call, biased);
};
