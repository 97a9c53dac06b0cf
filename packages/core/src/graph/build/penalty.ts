import { FLOAT, int } from '../native/attributes.ts';
import { type GraphBuilder, output, type Ref } from '../native/graph-builder.ts';
import { add, multiply, pack, reduce, unary } from '../native/math.ts';
import type { ModelPlan } from '../plan/model-plan.ts';
import type { WeightStore } from './weight-store.ts';

/** The penalty Σ l1·|w| + l2·w² and its parts. */
export interface Penalty {
  /** Scalar, at the weights before the update. */
  value: Ref;
  /** 2c of a weight, a scalar; none if nothing quadratic stands on it. */
  weightDecay(weight: number): Ref | undefined;
  /** 2ηc of a weight, a scalar. */
  decay(weight: number): Ref | undefined;
  /** ½‖w‖² of a weight, where the penalty computes it anyway. */
  halfSquare(weight: number): Ref | undefined;
  /** ∂/∂w of l1·|w|. */
  l1Gradient(weight: number): Ref | undefined;
}

/** Names of the vectors of coefficients; their entries belong to `weightsWithL2`, `weightsWithL1`. */
export const L2_INPUT = 'penalty/l2';
export const L1_INPUT = 'penalty/l1';

const indicesWhere = (plan: ModelPlan, kind: 'l1' | 'l2'): number[] =>
  plan.weights.flatMap(({ penalty }, index) => (penalty[kind] ? [index] : []));
export const weightsWithL2 = (plan: ModelPlan): number[] => indicesWhere(plan, 'l2');
export const weightsWithL1 = (plan: ModelPlan): number[] => indicesWhere(plan, 'l1');

/** One scalar per entry of a vector, made when the first is asked for. */
function entries(graph: GraphBuilder, weights: readonly number[], vector: () => Ref) {
  let unpacked: Ref | undefined;
  return (weight: number): Ref | undefined => {
    const position = weights.indexOf(weight);
    if (position < 0) return undefined;
    unpacked ??= graph.add('Unpack', [vector()], { ...FLOAT, num: int(weights.length), axis: int(0) });
    return output(unpacked, position);
  };
}

export function buildPenalty(graph: GraphBuilder, plan: ModelPlan, store: WeightStore, learningRate: Ref): Penalty {
  const quadratic = weightsWithL2(plan);
  const absolute = weightsWithL1(plan);
  const two = graph.constant(2);
  const halves = new Map(quadratic.map((weight) => [weight, unary(graph, 'L2Loss', store.value(weight))]));

  const terms: Ref[] = [];
  let doubled: Ref | undefined;
  if (quadratic.length > 0) {
    const l2 = graph.placeholder(L2_INPUT, 'float32', [quadratic.length]);
    doubled = multiply(graph, l2, two);
    terms.push(reduce(graph, 'Sum', multiply(graph, doubled, pack(graph, [...halves.values()])), { axes: [0] }));
  }
  const l1 = absolute.length > 0 ? graph.placeholder(L1_INPUT, 'float32', [absolute.length]) : undefined;
  if (l1 !== undefined) {
    const sums = absolute.map((weight) => {
      const axes = (plan.weights[weight]?.shape ?? []).map((_, axis) => axis);
      return reduce(graph, 'Sum', unary(graph, 'Abs', store.value(weight)), { axes });
    });
    terms.push(reduce(graph, 'Sum', multiply(graph, l1, pack(graph, sums)), { axes: [0] }));
  }

  const l1Of = entries(graph, absolute, () => l1 as Ref);
  return {
    value: terms.length === 0 ? graph.constant(0) : terms.reduce((sum, term) => add(graph, sum, term)),
    weightDecay: entries(graph, quadratic, () => doubled as Ref),
    decay: entries(graph, quadratic, () => multiply(graph, doubled as Ref, learningRate)),
    halfSquare: (weight) => halves.get(weight),
    l1Gradient(weight) {
      const coefficient = l1Of(weight);
      if (coefficient === undefined) return undefined;
      return multiply(graph, unary(graph, 'Sign', store.value(weight)), coefficient);
    },
  };
}
