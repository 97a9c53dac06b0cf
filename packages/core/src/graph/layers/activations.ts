import { describe } from '../../input-error.ts';
import { ACTIVATION_NAMES, type ActivationAttributes } from '../ops/activation.ts';
import type { TensorIndex } from '../plan/model-plan.ts';
import type { LayerCall, LayerTranslation } from './layer-call.ts';

const emit = (call: LayerCall, attributes: ActivationAttributes, input = call.input): TensorIndex =>
  call.emit('activation', attributes, { inputs: [input] });

/** Adds the activation named in the layer's `activation` field, which is an object with a class name. */
export function emitOwnActivation(call: LayerCall, input: TensorIndex): TensorIndex {
  const name = call.fields<{ activation?: { getClassName(): string } | null }>().activation?.getClassName() ?? 'linear';
  if (name === 'linear') return input;
  if (name === 'elu') return emit(call, { name, alpha: 1 }, input);
  const known = ACTIVATION_NAMES.find((candidate) => candidate === name);
  if (known === undefined || known === 'clippedRelu' || known === 'leakyRelu' || known === 'elu') {
    const supported = ACTIVATION_NAMES.filter((candidate) => candidate !== 'clippedRelu' && candidate !== 'leakyRelu');
    return call.refuse({ got: `activation ${describe(name)}`, want: `one of ${supported.join(', ')}` });
  }
  return emit(call, { name: known }, input);
}

/** `Activation`. */
export const translateActivation: LayerTranslation = (call) => emitOwnActivation(call, call.input);

/** `ReLU`, with or without an upper bound. */
export const translateReLU: LayerTranslation = (call) => {
  const max = call.fields<{ maxValue?: number | null }>().maxValue;
  return emit(call, max == null ? { name: 'relu' } : { name: 'clippedRelu', max });
};

/** `LeakyReLU`. */
export const translateLeakyReLU: LayerTranslation = (call) =>
  emit(call, { name: 'leakyRelu', alpha: call.fields<{ alpha: number }>().alpha });

/** `ELU`. */
export const translateELU: LayerTranslation = (call) =>
  emit(call, { name: 'elu', alpha: call.fields<{ alpha: number }>().alpha });

/** `Softmax` over the last axis. */
export const translateSoftmax: LayerTranslation = (call) => {
  const { axis } = call.fields<{ axis: number }>();
  call.refuseWhen(axis !== -1 && axis !== call.inputShape.length - 1, { got: `axis ${axis}`, want: 'the last axis' });
  return emit(call, { name: 'softmax' });
};
