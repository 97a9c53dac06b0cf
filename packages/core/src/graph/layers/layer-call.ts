import { InputError } from '../../input-error.ts';
import type { Tfjs } from '../../tensorflow.ts';
import type { Shape } from '../native/attributes.ts';
import type { OpAttributes, OpKind } from '../ops/op-attributes.ts';
import type { TensorIndex } from '../plan/model-plan.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';

export type Layer = Tfjs.layers.Layer;

/** One use of one layer, to be translated into primitive operations. */
export class LayerCall {
  readonly inputs: readonly TensorIndex[];
  readonly outputShape: Shape;
  private readonly layer: Layer;
  private readonly plan: PlanBuilder;

  constructor(plan: PlanBuilder, layer: Layer, inputs: readonly TensorIndex[], outputShape: Shape) {
    this.plan = plan;
    this.layer = layer;
    this.inputs = inputs;
    this.outputShape = outputShape;
    this.refuseWhen(this.fields<{ activityRegularizer: unknown }>().activityRegularizer != null, {
      got: 'an activity regularizer',
      want: 'none',
    });
  }

  get input(): TensorIndex {
    const [input] = this.inputs;
    if (input === undefined) throw new Error(`${this.layer.name} has no input`);
    return input;
  }

  get inputShape(): Shape {
    return this.shape(this.input);
  }

  shape(tensor: TensorIndex): Shape {
    return this.plan.tensors[tensor] ?? [];
  }

  /** Height and width of an image tensor. */
  imageSize(tensor: TensorIndex): [number, number] {
    const [, height, width] = this.shape(tensor);
    return [height ?? 0, width ?? 0];
  }

  /** The layer's own fields: tfjs-layers keeps the resolved arguments there, but types few of them. */
  fields<F>(): F {
    return this.layer as unknown as F;
  }

  /** Adds one operation; its output has the layer's output shape unless another is given. */
  emit<K extends OpKind>(
    kind: K,
    attributes: OpAttributes[K],
    { inputs = this.inputs, outputShape = this.outputShape, weights = {} }: EmitOptions = {},
  ): TensorIndex {
    return this.plan.emit(kind, attributes, inputs, outputShape, weights);
  }

  /** Index of the weight in the field `name`; its regularizer and constraint stand in `${prefix}Regularizer`, `${prefix}Constraint`. */
  weight(name: string, prefix = name): number {
    const fields = this.fields<Record<string, unknown>>();
    this.refuseWhen(fields[`${prefix}Constraint`] != null, {
      got: `a ${prefix}Constraint`,
      want: 'none (training of tfjs-layers would ignore it)',
    });
    return this.plan.weight(fields[name], fields[`${prefix}Regularizer`], (problem) => this.refuse(problem));
  }

  /** Index of the moving statistic in the field `name`. */
  statistic(name: string, momentum: number): number {
    return this.plan.statistic(this.fields<Record<string, unknown>>()[name], momentum);
  }

  /** Which variance moving averages take in; see `BatchNormAttributes`. */
  get movingVariance(): 'biased' | 'bessel' {
    return this.plan.movingVariance;
  }

  /** Number of operations before this one: tells equal layers of one model apart. */
  get position(): number {
    return this.plan.ops.length;
  }

  refuseWhen(condition: boolean, problem: Refusal): void {
    if (condition) this.refuse(problem);
  }

  refuse({ got, want }: Refusal): never {
    throw new InputError({ path: `layer ${this.layer.name} (${this.layer.getClassName()})`, got, want });
  }
}

interface EmitOptions {
  inputs?: readonly TensorIndex[];
  outputShape?: Shape;
  weights?: Record<string, number>;
}

export interface Refusal {
  got: string;
  want: string;
}

/** Adds the operations of one layer and gives the output. */
export type LayerTranslation = (call: LayerCall) => TensorIndex;
