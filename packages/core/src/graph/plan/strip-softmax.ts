import type { ModelPlan } from './model-plan.ts';

/**
 * A softmax at the very end is taken off: cross-entropy is computed from the logits, where nothing overflows and
 * nothing has to be clipped.
 */
export function stripSoftmax(plan: ModelPlan): ModelPlan {
  const last = plan.ops.find(({ output }) => output === plan.output);
  if (last?.kind !== 'activation' || last.attributes.name !== 'softmax') return plan;
  return { ...plan, ops: plan.ops.filter((op) => op !== last), output: last.inputs[0] ?? 0 };
}
