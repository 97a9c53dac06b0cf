import { describe, InputError } from '../input-error.ts';
import { sizeOf } from './native/math.ts';
import { createTensor, type TensorId } from './native/native-graph.ts';
import type { ModelPlan, TensorIndex } from './plan/model-plan.ts';

/** One batch. The arrays are read during the call only. */
export interface GraphBatch {
  /** Row-major [count, …]. */
  images: Float32Array;
  /** Class indices [count], or float32 [count, …] for losses on values. */
  targets: Int32Array | Float32Array;
  count: number;
}

const shapeWithoutBatch = (plan: ModelPlan, tensor: TensorIndex): number[] =>
  (plan.tensors[tensor] ?? []).slice(1).map((size) => size ?? 0);

/** The first `count` inputs as a native tensor. */
export function imagesTensor(plan: ModelPlan, images: Float32Array, count: number): TensorId {
  const shape = shapeWithoutBatch(plan, 0);
  return createTensor([count, ...shape], images.subarray(0, count * sizeOf(shape)));
}

/**
 * Inputs and targets as native tensors, to be freed by the caller.
 *
 * @throws InputError if a label is no class of the model.
 */
export function batchTensors(plan: ModelPlan, { images, targets, count }: GraphBatch): TensorId[] {
  const outputShape = shapeWithoutBatch(plan, plan.output);
  const isIndex = targets instanceof Int32Array;
  const shape = isIndex ? [] : outputShape;
  const used = targets.subarray(0, count * sizeOf(shape));
  if (isIndex) checkLabels(used, outputShape.at(-1) ?? 0);
  return [imagesTensor(plan, images, count), createTensor([count, ...shape], used)];
}

function checkLabels(labels: Int32Array | Float32Array, classes: number): void {
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new InputError({ path: `targets[${wrong}]`, got: describe(labels[wrong]), want: `0 … ${classes - 1}` });
  }
}
