import { type Attributes, FLOAT, ints, text } from '../native/attributes.ts';
import { matMul, reshape, shapeOf } from '../native/math.ts';
import { choose, type Implementation } from './choose.ts';
import type { OpLowering } from './op.ts';
import { type Padding, paddingAttributes } from './padding.ts';

export interface Conv2dAttributes {
  /** Height and width of the input. */
  size: readonly [number, number];
  kernel: readonly [number, number];
  strides: readonly [number, number];
  padding: Padding;
}

const native: OpLowering<Conv2dAttributes> = ({ graph, attributes, inputs: [x = ''], weight }) => {
  const kernel = weight('kernel');
  const options: Attributes = {
    ...FLOAT,
    ...paddingAttributes(attributes.padding, attributes),
    strides: ints([1, ...attributes.strides, 1]),
    data_format: text('NHWC'),
  };
  return {
    output: graph.add('Conv2D', [x, kernel.ref], options),
    backward(gradient, [wanted]) {
      if (kernel.trainable) {
        const sizes = graph.intConstant(kernel.shape);
        kernel.addGradient(graph.add('Conv2DBackpropFilter', [x, sizes, gradient], options));
      }
      return [
        wanted ? graph.add('Conv2DBackpropInput', [shapeOf(graph, x), kernel.ref, gradient], options) : undefined,
      ];
    },
  };
};

/** A 1×1 convolution is a matrix product over the pixels: half the time of oneDNN's convolution on small maps. */
const pointwise: OpLowering<Conv2dAttributes> = ({ graph, inputs: [x = ''], inputShapes, outputShape, weight }) => {
  const kernel = weight('kernel');
  const [, , channels = 0, filters = 0] = kernel.shape;
  const matrix = reshape(graph, kernel.ref, [channels, filters]);
  const pixels = reshape(graph, x, [null, channels]);
  return {
    output: reshape(graph, matMul(graph, pixels, matrix), outputShape),
    backward(gradient, [wanted]) {
      const rows = reshape(graph, gradient, [null, filters]);
      if (kernel.trainable) {
        kernel.addGradient(reshape(graph, matMul(graph, pixels, rows, { a: true }), kernel.shape));
      }
      if (!wanted) return [undefined];
      return [reshape(graph, matMul(graph, rows, matrix, { b: true }), inputShapes[0] ?? [])];
    },
  };
};

const isOne = (value: number) => value === 1;
const isPointwise = ({ kernel, strides, padding }: Conv2dAttributes): boolean =>
  kernel.every(isOne) && strides.every(isOne) && padding.every((zeros) => zeros === 0);

const implementations: Implementation<Conv2dAttributes, OpLowering<Conv2dAttributes>>[] = [
  { fits: isPointwise, build: pointwise },
  { fits: () => true, build: native },
];

/** Convolution of [batch, height, width, channels] with `kernel` [kh, kw, channels, filters], no dilation, no bias. */
export const conv2d: OpLowering<Conv2dAttributes> = (call) => choose(implementations, call.attributes)(call);
