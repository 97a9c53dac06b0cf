import { describe } from '../../input-error.ts';
import type { LayerCall, LayerTranslation } from './layer-call.ts';

function requireEqualShapes(call: LayerCall): void {
  const shapes = call.inputs.map((input) => describe(call.shape(input)));
  call.refuseWhen(new Set(shapes).size > 1, { got: `inputs of shapes ${shapes.join(' and ')}`, want: 'equal shapes' });
}

/** `Add`. */
export const translateAdd: LayerTranslation = (call) => {
  requireEqualShapes(call);
  return call.emit('add', {});
};

/** `Multiply`. */
export const translateMultiply: LayerTranslation = (call) => {
  requireEqualShapes(call);
  return call.emit('multiply', {});
};

/** `Concatenate`, along any axis but the batch. */
export const translateConcatenate: LayerTranslation = (call) => {
  const { axis } = call.fields<{ axis: number }>();
  const positive = axis < 0 ? axis + call.inputShape.length : axis;
  call.refuseWhen(positive === 0, { got: 'the batch axis', want: 'another axis' });
  return call.emit('concatenate', { axis: positive });
};
