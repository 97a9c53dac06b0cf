import {
  translateActivation,
  translateELU,
  translateLeakyReLU,
  translateReLU,
  translateSoftmax,
} from './activations.ts';
import { translateBatchNormalization } from './batch-normalization.ts';
import { translateConv2D, translateDepthwiseConv2D, translateSeparableConv2D } from './convolutions.ts';
import { translateDense } from './dense.ts';
import { translateDropout } from './dropout.ts';
import type { LayerTranslation } from './layer-call.ts';
import { translateAdd, translateConcatenate, translateMultiply } from './merging.ts';
import {
  translateAveragePooling2D,
  translateGlobalAveragePooling2D,
  translateGlobalMaxPooling2D,
  translateMaxPooling2D,
} from './pooling.ts';
import { translateReshape, translateZeroPadding2D } from './shaping.ts';

/** By class name of tfjs-layers. Input layers and nested models are dealt with by the walk over the model. */
export const LAYER_TRANSLATIONS: Readonly<Record<string, LayerTranslation>> = {
  Activation: translateActivation,
  Add: translateAdd,
  AveragePooling2D: translateAveragePooling2D,
  BatchNormalization: translateBatchNormalization,
  Concatenate: translateConcatenate,
  Conv2D: translateConv2D,
  Dense: translateDense,
  DepthwiseConv2D: translateDepthwiseConv2D,
  Dropout: translateDropout,
  ELU: translateELU,
  Flatten: translateReshape,
  GlobalAveragePooling2D: translateGlobalAveragePooling2D,
  GlobalMaxPooling2D: translateGlobalMaxPooling2D,
  LeakyReLU: translateLeakyReLU,
  MaxPooling2D: translateMaxPooling2D,
  Multiply: translateMultiply,
  ReLU: translateReLU,
  Reshape: translateReshape,
  SeparableConv2D: translateSeparableConv2D,
  Softmax: translateSoftmax,
  ZeroPadding2D: translateZeroPadding2D,
};

/** Classes that can stand in a compiled model. */
export const SUPPORTED_LAYERS: readonly string[] = ['InputLayer', ...Object.keys(LAYER_TRANSLATIONS)].sort();
