import { describe, InputError } from '../../input-error.ts';
import type { OptimizerLowering } from '../optimizer/optimizer.ts';
import type { ModelPlan } from '../plan/model-plan.ts';
import type { GraphOptions } from './training-graph-nodes.ts';

/** @throws InputError if loss and optimizer cannot go with this model. */
export function checkOptions(plan: ModelPlan, { loss, optimizer }: GraphOptions, lowering: OptimizerLowering): void {
  const outputShape = plan.tensors[plan.output] ?? [];
  if (loss.name !== 'meanSquaredError' && outputShape.length !== 2) {
    throw new InputError({
      path: 'output of the model',
      got: `shape [${['batch', ...outputShape.slice(1)].join(', ')}]`,
      want: '[batch, classes] for a cross-entropy',
    });
  }
  if (lowering.penaltyEnters === 'decay' && plan.weights.some(({ penalty }) => penalty.l1)) {
    throw new InputError({
      path: 'optimizer',
      got: `${optimizer.name} with an l1 penalty`,
      want: 'l2 penalties only: decoupled decay has no l1',
    });
  }
  const { clipNorm } = optimizer;
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new InputError({ path: 'optimizer.clipNorm', got: describe(clipNorm), want: 'a number > 0' });
  }
}
