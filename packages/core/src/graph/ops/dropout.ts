import { FLOAT, type } from '../native/attributes.ts';
import { cast, multiply, shapeOf } from '../native/math.ts';
import type { OpLowering } from './op.ts';

export interface DropoutAttributes {
  /** Share of the units that are set to 0; the others are divided by 1 − rate. */
  rate: number;
  /** Told apart from the other dropout layers of a step; the layer's own `seed`, where it has one. */
  stream: number;
}

/** Random zeros from a counter-based generator: the mask is a function of seed, step and layer alone. */
export const dropout: OpLowering<DropoutAttributes> = ({ graph, attributes, inputs: [x = ''], training, random }) => {
  const { rate, stream } = attributes;
  if (!training || rate === 0) return { output: x, backward: (gradient) => [gradient] };
  // Odd multipliers keep the streams of neighbouring layers apart for every seed.
  const key = graph.add('AddV2', [random, graph.intConstant([Math.imul(stream + 1, 0x9e3779b1) | 0, 0])], {
    T: type('int32'),
  });
  const uniform = graph.add('StatelessRandomUniform', [shapeOf(graph, x), key], {
    dtype: type('float32'),
    T: type('int32'),
    Tseed: type('int32'),
  });
  const kept = cast(graph, graph.add('GreaterEqual', [uniform, graph.constant(rate)], FLOAT), 'bool');
  const mask = multiply(graph, kept, graph.constant(1 / (1 - rate)));
  return {
    output: multiply(graph, x, mask),
    backward: (gradient) => [multiply(graph, gradient, mask)],
  };
};
