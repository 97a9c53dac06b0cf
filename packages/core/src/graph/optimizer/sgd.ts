import { FLOAT } from '../native/attributes.ts';
import type { OptimizerLowering } from './optimizer.ts';

/** w ← w − η·g (`keras.optimizers.SGD` without momentum), with the penalty's 2c·w in g. */
export const sgd: OptimizerLowering = {
  slots: [],
  scalars: [],
  scalarValues: () => [],
  penaltyEnters: 'gradient',
  apply: ({ graph, variable, gradient, learningRate, readers }) =>
    graph.add('ResourceApplyGradientDescent', [variable, learningRate, gradient], FLOAT, { after: readers }),
};
