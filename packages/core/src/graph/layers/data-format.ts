import type { LayerCall } from './layer-call.ts';

/** The CPU kernels of TensorFlow take channels last only. */
export function requireChannelsLast(call: LayerCall): void {
  const { dataFormat } = call.fields<{ dataFormat?: string | null }>();
  call.refuseWhen(dataFormat === 'channelsFirst', { got: "dataFormat 'channelsFirst'", want: "'channelsLast'" });
}
