import type { LayerTranslation } from './layer-call.ts';

interface DropoutFields {
  rate: number;
  noiseShape?: unknown;
  seed?: number | null;
}

/** `Dropout`. */
export const translateDropout: LayerTranslation = (call) => {
  const { rate, noiseShape, seed } = call.fields<DropoutFields>();
  call.refuseWhen(noiseShape != null, { got: 'a noiseShape', want: 'none' });
  return call.emit('dropout', { rate, stream: seed ?? call.position });
};
