import { FLOAT, type } from '../native/attributes.ts';
import { multiply, reduce, reshape } from '../native/math.ts';
import type { OpLowering } from './op.ts';

/** Mean over height and width: [batch, height, width, channels] → [batch, channels]. */
export const globalAveragePool: OpLowering<Record<string, never>> = ({ graph, inputs: [x = ''], inputShapes }) => {
  const [, height, width, channels] = inputShapes[0] ?? [];
  const pixels = (height ?? 1) * (width ?? 1);
  if (pixels === 1) {
    return {
      output: reshape(graph, x, [null, channels ?? null]),
      backward: (gradient) => [reshape(graph, gradient, inputShapes[0] ?? [])],
    };
  }
  return {
    output: reduce(graph, 'Mean', x, { axes: [1, 2] }),
    backward(gradient) {
      const share = reshape(graph, multiply(graph, gradient, graph.constant(1 / pixels)), [
        null,
        1,
        1,
        channels ?? null,
      ]);
      const times = graph.intConstant([1, height ?? 1, width ?? 1, 1]);
      return [graph.add('Tile', [share, times], { ...FLOAT, Tmultiples: type('int32') })];
    },
  };
};
