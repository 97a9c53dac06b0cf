import { FLOAT, type } from '../native/attributes.ts';
import { cast, divide, multiply, reduce, subtract, unary } from '../native/math.ts';
import type { LossLowering } from './loss.ts';

/** Mean of the squared differences over the batch and all axes. */
export const meanSquaredError: LossLowering = {
  targets: { type: 'float32', shape: (outputShape) => outputShape },
  lower({ graph, output, outputShape, targets }) {
    const difference = subtract(graph, output, targets);
    const count = cast(graph, graph.add('Size', [output], { ...FLOAT, out_type: type('int32') }), 'int32');
    const axes = outputShape.map((_, axis) => axis);
    return {
      value: reduce(graph, 'Mean', unary(graph, 'Square', difference), { axes }),
      gradient: divide(graph, multiply(graph, difference, graph.constant(2)), count),
      correct: graph.constant(0),
    };
  },
};
