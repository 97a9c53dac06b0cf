import { bool, FLOAT } from '../native/attributes.ts';
import type { OptimizerLowering } from './optimizer.ts';
import { decayFirst } from './variables.ts';

/** `keras.optimizers.SGD` with momentum: v ← m·v − η·g, then w ← w + v, or with `nesterov` w ← w + m·v − η·g. */
const withMomentum = (penaltyEnters: 'decay' | 'gradient', nesterov: boolean): OptimizerLowering => ({
  slots: ['velocity'],
  scalars: ['momentum'],
  scalarValues: ({ momentum }) => [momentum],
  penaltyEnters,
  apply(call) {
    const { graph, variable, gradient, learningRate, scalar, slot } = call;
    return graph.add(
      'ResourceApplyKerasMomentum',
      [variable, slot('velocity'), learningRate, gradient, scalar('momentum')],
      { ...FLOAT, use_nesterov: bool(nesterov) },
      { after: decayFirst(call) },
    );
  },
});

export const momentum = withMomentum('gradient', false);
export const nesterov = withMomentum('gradient', true);
/** Momentum with decoupled decay (`keras.optimizers.SGD(momentum, weight_decay=2c)`): w ← w − 2ηc·w before the step. */
export const sgdw = withMomentum('decay', false);
