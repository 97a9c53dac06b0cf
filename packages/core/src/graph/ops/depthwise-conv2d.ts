import { type Attributes, FLOAT, ints, text } from '../native/attributes.ts';
import { shapeOf } from '../native/math.ts';
import { choose, type Implementation } from './choose.ts';
import { type FilterGradient, tinyMapFilterGradient } from './depthwise-filter-gradient.ts';
import type { OpLowering } from './op.ts';
import { type Padding, paddingAttributes } from './padding.ts';

export interface DepthwiseAttributes {
  /** Height and width of the input. */
  size: readonly [number, number];
  /** Height and width of the output. */
  outputSize: readonly [number, number];
  kernel: readonly [number, number];
  strides: readonly [number, number];
  padding: Padding;
  /** Output channels per input channel. */
  multiplier: number;
}

const convolutionAttributes = (attributes: DepthwiseAttributes): Attributes => ({
  ...FLOAT,
  ...paddingAttributes(attributes.padding, attributes),
  strides: ints([1, ...attributes.strides, 1]),
  data_format: text('NHWC'),
});

const nativeFilterGradient: FilterGradient = ({ graph, x, gradient, kernelShape, attributes }) =>
  graph.add(
    'DepthwiseConv2dNativeBackpropFilter',
    [x, graph.intConstant(kernelShape), gradient],
    convolutionAttributes(attributes),
  );

const filterGradients: Implementation<DepthwiseAttributes, FilterGradient>[] = [
  tinyMapFilterGradient,
  { fits: () => true, build: nativeFilterGradient },
];

/** Depthwise convolution with `kernel` [kh, kw, channels, multiplier], no dilation, no bias. */
export const depthwiseConv2d: OpLowering<DepthwiseAttributes> = ({ graph, attributes, inputs: [x = ''], weight }) => {
  const kernel = weight('kernel');
  const options = convolutionAttributes(attributes);
  return {
    output: graph.add('DepthwiseConv2dNative', [x, kernel.ref], options),
    backward(gradient, [wanted]) {
      if (kernel.trainable) {
        const filterGradient = choose(filterGradients, attributes);
        kernel.addGradient(filterGradient({ graph, x, gradient, kernelShape: kernel.shape, attributes }));
      }
      if (!wanted) return [undefined];
      const sizes = shapeOf(graph, x);
      return [graph.add('DepthwiseConv2dNativeBackpropInput', [sizes, kernel.ref, gradient], options)];
    },
  };
};
