/**
 * What the penalty c·Σw² does to a weight by itself.
 *
 * Its gradient is 2c·w, so a plain SGD step with learning rate η multiplies every weight by 1 − 2ηc before the data
 * gradient is subtracted. (`tf.keras.regularizers.L2`: `loss = l2 * reduce_sum(square(x))`.)
 */

/** Coefficient of the gradient, PyTorch's `weight_decay`, of the Keras coefficient `l2`. */
export const weightDecayOf = (l2: number): number => 2 * l2;

/** Factor by which one plain SGD step shrinks a weight that gets no data gradient: 1 − 2ηc. */
export const decayFactor = (learningRate: number, l2: number): number => 1 - learningRate * weightDecayOf(l2);

/** The factor after `steps` steps at a constant learning rate. Of alternating sign where 2ηc > 1: such steps overshoot 0. */
export function decayAfter(learningRate: number, l2: number, steps: number): number {
  const share = learningRate * weightDecayOf(l2);
  // log1p keeps the digits that 1 − 2ηc loses when ηc is tiny: at ηc = 1e-6 the naive power is off by 1e-10 a step.
  return share < 0.5 ? Math.exp(steps * Math.log1p(-share)) : (1 - share) ** steps;
}
