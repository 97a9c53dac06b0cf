import { sizeOf } from '../native/math.ts';
import type { ModelPlan } from '../plan/model-plan.ts';

/**
 * A variable of the graph: one weight, or many small ones end to end. The hundred vectors of a network's normalization
 * layers would otherwise cost a read, an update and two blends each, all of them smaller than the work of scheduling
 * them.
 */
export interface Storage {
  name: string;
  role: 'trained' | 'statistics' | 'frozen';
  shape: readonly number[];
  length: number;
  members: { weight: number; offset: number; length: number }[];
  /** Of `statistics`: share of the old value that a step keeps. */
  momentum?: number;
}

/** Lays the weights of a plan out into variables. */
export function layOut(plan: ModelPlan): Storage[] {
  const uses = plan.weights.map(() => 0);
  for (const op of plan.ops) for (const weight of Object.values(op.weights)) uses[weight] = (uses[weight] ?? 0) + 1;

  const groups = new Map<string, number[]>();
  plan.weights.forEach((weight, index) => {
    const packs = weight.shape.length === 1 && uses[index] === 1 && !weight.penalty.l1 && !weight.penalty.l2;
    const key = packs ? packKey(plan, index) : `weight${index}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups].map(([name, weights]) => makeStorage(plan, name, weights));
}

function packKey(plan: ModelPlan, index: number): string {
  const weight = plan.weights[index];
  if (weight?.momentum !== undefined) return `statistics${weight.momentum}`;
  return weight?.trainable ? 'vectors' : `weight${index}`;
}

function makeStorage(plan: ModelPlan, name: string, weights: number[]): Storage {
  let length = 0;
  const members = weights.map((weight) => {
    const member = { weight, offset: length, length: sizeOf(plan.weights[weight]?.shape ?? []) };
    length += member.length;
    return member;
  });
  const first = plan.weights[weights[0] ?? 0];
  const shape = weights.length === 1 ? (first?.shape ?? []) : [length];
  const momentum = first?.momentum;
  if (momentum !== undefined) return { name, role: 'statistics', shape, length, members, momentum };
  return { name, role: first?.trainable ? 'trained' : 'frozen', shape, length, members };
}
