import { describe, InputError } from '../../input-error.ts';
import type { Tfjs } from '../../tensorflow.ts';
import type { Refusal } from '../layers/layer-call.ts';
import type { Shape } from '../native/attributes.ts';
import type { OpAttributes, OpKind } from '../ops/op-attributes.ts';
import type { ModelPlan, PlanOp, PlanWeight, TensorIndex } from './model-plan.ts';

/** Coefficients of Σ l1·|w| + l2·w² on one weight. */
export interface PenaltyCoefficients {
  l1: number;
  l2: number;
}

/** Collects tensors, operations and weights while a model is walked. */
export class PlanBuilder {
  readonly tensors: Shape[] = [];
  readonly ops: PlanOp[] = [];
  readonly weights: PlanWeight[];
  /** By weight. Not part of the plan: one compiled graph serves all values. */
  readonly coefficients: PenaltyCoefficients[];
  readonly movingVariance: 'biased' | 'bessel';
  private readonly indices: Map<unknown, number>;

  constructor(model: Tfjs.LayersModel, movingVariance: 'biased' | 'bessel') {
    const trainable = new Set(model.trainableWeights);
    this.weights = model.weights.map((weight) => ({
      shape: weight.shape.map((size) => size ?? 0),
      trainable: trainable.has(weight),
      penalty: { l1: false, l2: false },
    }));
    this.coefficients = model.weights.map(() => ({ l1: 0, l2: 0 }));
    this.indices = new Map(model.weights.map((weight, index) => [weight, index]));
    this.movingVariance = movingVariance;
  }

  tensor(shape: Shape): TensorIndex {
    return this.tensors.push(shape) - 1;
  }

  emit<K extends OpKind>(
    kind: K,
    attributes: OpAttributes[K],
    inputs: readonly TensorIndex[],
    outputShape: Shape,
    weights: Record<string, number>,
  ): TensorIndex {
    const output = this.tensor(outputShape);
    this.ops.push({ kind, attributes, inputs: [...inputs], output, weights } as PlanOp);
    return output;
  }

  weight(variable: unknown, regularizer: unknown, refuse: (problem: Refusal) => never): number {
    const index = this.indexOf(variable);
    const { l1, l2 } = readRegularizer(regularizer, refuse);
    this.weightAt(index).penalty = { l1: l1 !== 0, l2: l2 !== 0 };
    this.coefficients[index] = { l1, l2 };
    return index;
  }

  statistic(variable: unknown, momentum: number): number {
    const index = this.indexOf(variable);
    this.weightAt(index).momentum = momentum;
    return index;
  }

  finish(output: TensorIndex): ModelPlan {
    return { tensors: this.tensors, ops: this.ops, weights: this.weights, output };
  }

  private indexOf(variable: unknown): number {
    const index = this.indices.get(variable);
    if (index === undefined) {
      throw new InputError({ got: 'a layer whose weights the model does not list', want: 'a built model' });
    }
    return index;
  }

  private weightAt(index: number): PlanWeight {
    const weight = this.weights[index];
    if (weight === undefined) throw new Error(`no weight ${index}`);
    return weight;
  }
}

function readRegularizer(regularizer: unknown, refuse: (problem: Refusal) => never): PenaltyCoefficients {
  if (regularizer == null) return { l1: 0, l2: 0 };
  const { l1, l2 } = regularizer as { l1?: unknown; l2?: unknown };
  if (typeof l1 !== 'number' || typeof l2 !== 'number') {
    return refuse({ got: `a regularizer ${describe(regularizer)}`, want: 'one of l1, l2, l1l2' });
  }
  return { l1, l2 };
}
