import { FLOAT } from '../native/attributes.ts';
import { multiply, subtract } from '../native/math.ts';
import type { OptimizerLowering } from './optimizer.ts';
import { assign } from './variables.ts';

/** w ← w − η·g (`keras.optimizers.SGD` without momentum); with a penalty w ← (1 − 2ηc)·w − η·g. */
export const sgd: OptimizerLowering = {
  slots: [],
  scalars: [],
  scalarValues: () => [],
  penaltyEnters: 'shrink',
  apply({ graph, variable, value, gradient, learningRate, shrink, readers }) {
    if (shrink === undefined) {
      return graph.add('ResourceApplyGradientDescent', [variable, learningRate, gradient], FLOAT, { after: readers });
    }
    const step = multiply(graph, gradient, learningRate);
    return assign(graph, variable, subtract(graph, multiply(graph, value, shrink), step));
  },
};
