import { FLOAT, type } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { addAll, multiply, reduce, reshape } from '../native/math.ts';
import type { Implementation } from './choose.ts';
import type { DepthwiseAttributes } from './depthwise-conv2d.ts';

interface FilterGradientCall {
  graph: GraphBuilder;
  /** [batch, height, width, channels] */
  x: Ref;
  /** ∂loss/∂output, [batch, oh, ow, channels · multiplier] */
  gradient: Ref;
  kernelShape: readonly number[];
  attributes: DepthwiseAttributes;
}

/** Adds the nodes of ∂loss/∂kernel, in the shape of the kernel. */
export type FilterGradient = (call: FilterGradientCall) => Ref;

/** The part of a kernel's side that lies on the map when the output stands at `position`. */
function overlap(position: number, size: number, kernel: number, stride: number, before: number) {
  const origin = position * stride - before;
  const from = Math.max(0, origin);
  const length = Math.min(size, origin + kernel) - from;
  return { from, length, tap: from - origin };
}

const range = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

/**
 * ∂loss/∂kernel[i, j, c] = Σ over the batch and the output positions of x · gradient, as products and sums: one product
 * per output position, of the patch under the kernel. oneDNN's kernel needs about a millisecond whatever the map, these
 * a few hundredths where the output has few positions.
 */
export const tinyMapFilterGradient: Implementation<DepthwiseAttributes, FilterGradient> = {
  fits: ({ outputSize: [height, width], multiplier }) => multiplier === 1 && height * width <= MAX_POSITIONS,
  build({ graph, x, gradient, kernelShape, attributes }) {
    const { size, outputSize, kernel, strides, padding } = attributes;
    const [kernelHeight, kernelWidth] = kernel;
    const terms = range(outputSize[0]).flatMap((row) =>
      range(outputSize[1]).map((column) => {
        const rows = overlap(row, size[0], kernelHeight, strides[0], padding[0]);
        const columns = overlap(column, size[1], kernelWidth, strides[1], padding[2]);
        const patch = slice(graph, x, [rows.from, columns.from], [rows.length, columns.length], size);
        const factor = slice(graph, gradient, [row, column], [1, 1], outputSize);
        const sum = reduce(graph, 'Sum', multiply(graph, patch, factor), { axes: [0] });
        const around = [
          [rows.tap, kernelHeight - rows.tap - rows.length],
          [columns.tap, kernelWidth - columns.tap - columns.length],
          [0, 0],
        ];
        return padTo(graph, sum, around);
      }),
    );
    return reshape(graph, addAll(graph, terms), kernelShape);
  },
};

/** Above this the products take longer than oneDNN's kernel. */
const MAX_POSITIONS = 4;

function slice(
  graph: GraphBuilder,
  x: Ref,
  from: readonly [number, number],
  length: readonly [number, number],
  size: readonly [number, number],
): Ref {
  if (length[0] === size[0] && length[1] === size[1]) return x;
  const begin = graph.intConstant([0, ...from, 0]);
  const sizes = graph.intConstant([-1, ...length, -1]);
  return graph.add('Slice', [x, begin, sizes], { ...FLOAT, Index: type('int32') });
}

function padTo(graph: GraphBuilder, x: Ref, around: readonly (readonly number[])[]): Ref {
  if (around.flat().every((zeros) => zeros === 0)) return x;
  const paddings = graph.intMatrix(around);
  return graph.add('Pad', [x, paddings], { ...FLOAT, Tpaddings: type('int32') });
}
