import type { Shape } from '../native/attributes.ts';
import { NO_PADDING, type Padding, samePadding } from '../ops/padding.ts';
import type { TensorIndex } from '../plan/model-plan.ts';
import { emitOwnActivation } from './activations.ts';
import { requireChannelsLast } from './data-format.ts';
import type { LayerCall, LayerTranslation } from './layer-call.ts';

interface ConvolutionFields {
  kernelSize: [number, number];
  strides: [number, number];
  dilationRate: number | number[];
  padding: string;
  useBias: boolean;
  depthMultiplier?: number;
}

interface Geometry {
  size: [number, number];
  kernel: [number, number];
  strides: [number, number];
  padding: Padding;
}

function readGeometry(call: LayerCall): Geometry {
  requireChannelsLast(call);
  const { kernelSize, strides, dilationRate, padding } = call.fields<ConvolutionFields>();
  call.refuseWhen(
    [dilationRate].flat().some((rate) => rate !== 1),
    {
      got: `dilationRate ${[dilationRate].flat().join('×')}`,
      want: '1 (tfjs has no gradient of a dilated convolution)',
    },
  );
  call.refuseWhen(padding !== 'same' && padding !== 'valid', {
    got: `padding '${padding}'`,
    want: "'same' or 'valid'",
  });
  const window = { size: call.imageSize(call.input), kernel: kernelSize, strides };
  return { ...window, padding: padding === 'same' ? samePadding(window) : NO_PADDING };
}

function emitBiasAndActivation(call: LayerCall, input: TensorIndex): TensorIndex {
  const { useBias } = call.fields<ConvolutionFields>();
  const biased = useBias
    ? call.emit('biasAdd', {}, { inputs: [input], weights: { bias: call.weight('bias') } })
    : input;
  return emitOwnActivation(call, biased);
}

const outputSizeOf = ([, height, width]: Shape): [number, number] => [height ?? 0, width ?? 0];

/** `Conv2D`. */
export const translateConv2D: LayerTranslation = (call) => {
  const geometry = readGeometry(call);
  return emitBiasAndActivation(call, call.emit('conv2d', geometry, { weights: { kernel: call.weight('kernel') } }));
};

/** `DepthwiseConv2D`. */
export const translateDepthwiseConv2D: LayerTranslation = (call) => {
  const geometry = readGeometry(call);
  const multiplier = call.fields<ConvolutionFields>().depthMultiplier ?? 1;
  const kernel = call.weight('depthwiseKernel', 'depthwise');
  const attributes = { ...geometry, outputSize: outputSizeOf(call.outputShape), multiplier };
  return emitBiasAndActivation(call, call.emit('depthwiseConv2d', attributes, { weights: { kernel } }));
};

/** `SeparableConv2D`: depthwise, then 1×1. */
export const translateSeparableConv2D: LayerTranslation = (call) => {
  const geometry = readGeometry(call);
  const multiplier = call.fields<ConvolutionFields>().depthMultiplier ?? 1;
  const outputSize = outputSizeOf(call.outputShape);
  const channels = (call.inputShape.at(-1) ?? 0) * multiplier;
  const filtered = call.emit(
    'depthwiseConv2d',
    { ...geometry, outputSize, multiplier },
    {
      outputShape: [null, ...outputSize, channels],
      weights: { kernel: call.weight('depthwiseKernel', 'depthwise') },
    },
  );
  const mixed = call.emit(
    'conv2d',
    { size: outputSize, kernel: [1, 1], strides: [1, 1], padding: NO_PADDING },
    { inputs: [filtered], weights: { kernel: call.weight('pointwiseKernel', 'pointwise') } },
  );
  return emitBiasAndActivation(call, mixed);
};
