import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { addAll } from '../native/math.ts';
import { OP_LOWERINGS } from '../ops/index.ts';
import type { Lowered, OpCall, OpLowering, WeightUse } from '../ops/op.ts';
import type { ModelPlan, PlanOp, TensorIndex } from '../plan/model-plan.ts';
import type { WeightStore } from './weight-store.ts';

interface LowerCall {
  graph: GraphBuilder;
  plan: ModelPlan;
  store: WeightStore;
  input: Ref;
  random: Ref;
  training: boolean;
}

/** Gradients and observations by weight: a list each, one entry per use. */
export interface BackwardResult {
  gradients: ReadonlyMap<number, readonly Ref[]>;
  observations: ReadonlyMap<number, readonly Ref[]>;
}

export interface LoweredPlan {
  output: Ref;
  /** Adds the backward pass. @param gradient ∂loss/∂output. */
  backward(gradient: Ref): BackwardResult;
}

/** Adds the forward pass of a plan. */
export function lowerPlan({ graph, plan, store, input, random, training }: LowerCall): LoweredPlan {
  const values = new Map<TensorIndex, Ref>([[0, input]]);
  const refOf = (tensor: TensorIndex): Ref => {
    const ref = values.get(tensor);
    if (ref === undefined) throw new Error(`tensor ${tensor} is used before it is computed`);
    return ref;
  };
  const gradients = new Map<number, Ref[]>();
  const observations = new Map<number, Ref[]>();
  const lowered: Lowered[] = [];

  plan.ops.forEach((op, index) => {
    const useWeight = (role: string): WeightUse | undefined => {
      const weight = op.weights[role];
      const facts = weight === undefined ? undefined : plan.weights[weight];
      if (weight === undefined || facts === undefined) return undefined;
      return {
        ref: store.value(weight),
        shape: facts.shape,
        trainable: facts.trainable,
        addGradient: (gradient) => append(gradients, weight, gradient),
        observe: (value) => append(observations, weight, value),
      };
    };
    const call: OpCall<unknown> = {
      graph,
      attributes: op.attributes,
      inputs: op.inputs.map(refOf),
      inputShapes: op.inputs.map((tensor) => plan.tensors[tensor] ?? []),
      outputShape: plan.tensors[op.output] ?? [],
      training,
      random,
      optionalWeight: useWeight,
      weight(role) {
        const use = useWeight(role);
        if (use === undefined) throw new Error(`operation ${index} (${op.kind}) has no weight ${role}`);
        return use;
      },
    };
    const lowering = OP_LOWERINGS[op.kind] as OpLowering<unknown>;
    const result = graph.scope(`${index}_${op.kind}`, () => lowering(call));
    lowered.push(result);
    values.set(op.output, result.output);
  });

  return {
    output: refOf(plan.output),
    backward(gradient) {
      runBackward(graph, plan, lowered, gradient);
      return { gradients, observations };
    },
  };
}

function runBackward(graph: GraphBuilder, plan: ModelPlan, lowered: readonly Lowered[], gradient: Ref): void {
  const wanted = tensorsBehindWeights(plan);
  const arriving = new Map<TensorIndex, Ref[]>([[plan.output, [gradient]]]);
  for (const [index, op] of [...plan.ops.entries()].reverse()) {
    const parts = arriving.get(op.output);
    if (parts === undefined || !wanted.has(op.output)) continue;
    graph.scope(`${index}_${op.kind}/gradient`, () => {
      const needs = op.inputs.map((tensor) => wanted.has(tensor));
      const results = lowered[index]?.backward(addAll(graph, parts), needs) ?? [];
      op.inputs.forEach((tensor, position) => {
        const result = results[position];
        if (needs[position] && result !== undefined) append(arriving, tensor, result);
      });
    });
  }
}

/** Tensors that a trained weight has a say in: only their gradients are computed. */
function tensorsBehindWeights(plan: ModelPlan): Set<TensorIndex> {
  const wanted = new Set<TensorIndex>();
  const isTrained = (op: PlanOp) => Object.values(op.weights).some((weight) => plan.weights[weight]?.trainable);
  for (const op of plan.ops) {
    if (isTrained(op) || op.inputs.some((tensor) => wanted.has(tensor))) wanted.add(op.output);
  }
  return wanted;
}

function append<K>(map: Map<K, Ref[]>, key: K, ref: Ref): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [ref]);
  else list.push(ref);
}
