import { describe, InputError } from '../input-error.ts';
import type { Tfjs } from '../tensorflow.ts';
import { L1_INPUT, L2_INPUT, weightsWithL1, weightsWithL2 } from './build/penalty.ts';
import { createTensor, deleteTensors, type TensorId } from './native/native-graph.ts';
import type { ModelPlan } from './plan/model-plan.ts';
import type { PenaltyCoefficients } from './plan/plan-builder.ts';

const KINDS = ['l2', 'l1'] as const;
const INPUTS = { l2: L2_INPUT, l1: L1_INPUT };

/** The coefficients of the penalty as inputs of a graph. They stay in native memory, for they seldom change. */
export class PenaltyInput {
  /** Names of the inputs, in the order of `tensors`. */
  readonly names: readonly string[];
  private readonly model: Tfjs.LayersModel;
  private readonly plan: ModelPlan;
  private coefficients: readonly PenaltyCoefficients[];
  private ids: TensorId[] = [];

  constructor(model: Tfjs.LayersModel, plan: ModelPlan, coefficients: readonly PenaltyCoefficients[]) {
    this.model = model;
    this.plan = plan;
    this.names = KINDS.filter((kind) => this.weights(kind).length > 0).map((kind) => INPUTS[kind]);
    this.coefficients = coefficients;
    this.upload();
  }

  get tensors(): readonly TensorId[] {
    return this.ids;
  }

  /** By weight, in the order of `LayersModel.weights`. */
  get(): PenaltyCoefficients[] {
    return this.coefficients.map((coefficients) => ({ ...coefficients }));
  }

  set(coefficients: readonly PenaltyCoefficients[]): void {
    this.plan.weights.forEach(({ penalty }, index) => {
      for (const kind of KINDS) {
        const wanted = coefficients[index]?.[kind] ?? 0;
        if (wanted === 0 || penalty[kind]) continue;
        throw new InputError({
          path: `${this.model.weights[index]?.name}.${kind}`,
          got: describe(wanted),
          want: '0, as the model was built without it',
        });
      }
    });
    this.coefficients = this.plan.weights.map((_, index) => ({ l1: 0, l2: 0, ...coefficients[index] }));
    this.upload();
  }

  dispose(): void {
    deleteTensors(this.ids);
    this.ids = [];
  }

  private upload(): void {
    this.dispose();
    this.ids = KINDS.map((kind) => this.weights(kind).map((weight) => this.coefficients[weight]?.[kind] ?? 0))
      .filter((vector) => vector.length > 0)
      .map((vector) => createTensor([vector.length], Float32Array.from(vector)));
  }

  private weights(kind: 'l1' | 'l2'): number[] {
    return kind === 'l2' ? weightsWithL2(this.plan) : weightsWithL1(this.plan);
  }
}
