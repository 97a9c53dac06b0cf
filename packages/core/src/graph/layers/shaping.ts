import { requireChannelsLast } from './data-format.ts';
import type { LayerTranslation } from './layer-call.ts';

/** `Flatten` and `Reshape`. */
export const translateReshape: LayerTranslation = (call) => {
  requireChannelsLast(call);
  return call.emit('reshape', {});
};

/** `ZeroPadding2D`. Folded into the convolution behind it where there is one. */
export const translateZeroPadding2D: LayerTranslation = (call) => {
  requireChannelsLast(call);
  const [[top, bottom], [left, right]] = call.fields<{ padding: [[number, number], [number, number]] }>().padding;
  return call.emit('pad', { padding: [top, bottom, left, right] });
};
