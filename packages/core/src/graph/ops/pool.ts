import { type Attributes, FLOAT, ints, text } from '../native/attributes.ts';
import { shapeOf } from '../native/math.ts';
import type { OpLowering } from './op.ts';

export interface PoolAttributes {
  window: readonly [number, number];
  strides: readonly [number, number];
  padding: 'same' | 'valid';
}

const poolOptions = ({ window, strides, padding }: PoolAttributes): Attributes => ({
  ...FLOAT,
  ksize: ints([1, ...window, 1]),
  strides: ints([1, ...strides, 1]),
  padding: text(padding.toUpperCase()),
});

/** Largest value under the window; among equal ones the first gets the gradient. */
export const maxPool: OpLowering<PoolAttributes> = ({ graph, attributes, inputs: [x = ''] }) => {
  const options = poolOptions(attributes);
  const y = graph.add('MaxPool', [x], options);
  return { output: y, backward: (gradient) => [graph.add('MaxPoolGrad', [x, y, gradient], options)] };
};

/** Mean under the window; padding does not count. */
export const averagePool: OpLowering<PoolAttributes> = ({ graph, attributes, inputs: [x = ''] }) => {
  const options = poolOptions(attributes);
  return {
    output: graph.add('AvgPool', [x], options),
    backward: (gradient) => [graph.add('AvgPoolGrad', [shapeOf(graph, x), gradient], options)],
  };
};
