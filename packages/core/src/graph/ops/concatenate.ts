import { FLOAT, int, type } from '../native/attributes.ts';
import { output } from '../native/graph-builder.ts';
import type { OpLowering } from './op.ts';

export interface ConcatenateAttributes {
  /** Not 0, which is the batch. */
  axis: number;
}

/** Tensors joined along one axis. */
export const concatenate: OpLowering<ConcatenateAttributes> = ({
  graph,
  attributes: { axis },
  inputs,
  inputShapes,
}) => ({
  output: graph.add('ConcatV2', [...inputs, graph.intConstant(axis)], {
    ...FLOAT,
    N: int(inputs.length),
    Tidx: type('int32'),
  }),
  backward(gradient) {
    const sizes = graph.intConstant(inputShapes.map((inputShape) => inputShape[axis] ?? 0));
    const parts = graph.add('SplitV', [gradient, sizes, graph.intConstant(axis)], {
      ...FLOAT,
      Tlen: type('int32'),
      num_split: int(inputs.length),
    });
    return inputs.map((_, index) => output(parts, index));
  },
});
