import { FLOAT } from '../native/attributes.ts';
import type { GraphOptimizerConfig, OptimizerLowering } from './optimizer.ts';
import { decayFirst } from './variables.ts';

/** Defaults of `keras.optimizers.Adam`. */
const fill = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: GraphOptimizerConfig) => ({ beta1, beta2, epsilon });

/**
 * `keras.optimizers.Adam`: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε).
 */
const adamWith = (penaltyEnters: 'decay' | 'gradient'): OptimizerLowering => ({
  slots: ['m', 'v'],
  scalars: ['beta1Power', 'beta2Power', 'beta1', 'beta2', 'epsilon'],
  scalarValues(config, step) {
    const { beta1, beta2, epsilon } = fill(config);
    return [beta1 ** (step + 1), beta2 ** (step + 1), beta1, beta2, epsilon];
  },
  penaltyEnters,
  apply(call) {
    const { graph, variable, gradient, learningRate, scalar, slot } = call;
    return graph.add(
      'ResourceApplyAdam',
      [
        variable,
        slot('m'),
        slot('v'),
        scalar('beta1Power'),
        scalar('beta2Power'),
        learningRate,
        scalar('beta1'),
        scalar('beta2'),
        scalar('epsilon'),
        gradient,
      ],
      FLOAT,
      { after: decayFirst(call) },
    );
  },
});

export const adam = adamWith('gradient');
/** Adam with decoupled decay (`keras.optimizers.AdamW(weight_decay=2c)`): w ← w − 2ηc·w before the step. */
export const adamw = adamWith('decay');
