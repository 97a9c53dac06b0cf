import { FLOAT, type } from '../native/attributes.ts';
import type { OpLowering } from './op.ts';
import type { Padding } from './padding.ts';

export interface PadAttributes {
  padding: Padding;
}

/** Zeros around each map. */
export const pad: OpLowering<PadAttributes> = ({ graph, attributes, inputs: [x = ''], inputShapes }) => {
  const [top, bottom, left, right] = attributes.padding;
  const [, height = 0, width = 0] = inputShapes[0] ?? [];
  const around = graph.intMatrix([
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  return {
    output: graph.add('Pad', [x, around], { ...FLOAT, Tpaddings: type('int32') }),
    backward(gradient) {
      const begin = graph.intConstant([0, top, left, 0]);
      const sizes = graph.intConstant([-1, height ?? -1, width ?? -1, -1]);
      return [graph.add('Slice', [gradient, begin, sizes], { ...FLOAT, Index: type('int32') })];
    },
  };
};
