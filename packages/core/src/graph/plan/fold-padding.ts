import { paddingName } from '../ops/padding.ts';
import type { ModelPlan, PlanOp, TensorIndex } from './model-plan.ts';

type Convolution = Extract<PlanOp, { kind: 'conv2d' | 'depthwiseConv2d' }>;

const isConvolution = (op: PlanOp): op is Convolution => op.kind === 'conv2d' || op.kind === 'depthwiseConv2d';

/** Lets convolutions without padding of their own do the zero padding before them: the padded map is never made. */
export function foldPadding(plan: ModelPlan): ModelPlan {
  const makers = new Map<TensorIndex, PlanOp>(plan.ops.map((op) => [op.output, op]));
  const ops = plan.ops.map((op) => {
    const before = makers.get(op.inputs[0] ?? -1);
    if (!isConvolution(op) || before?.kind !== 'pad' || op.attributes.padding.some((zeros) => zeros > 0)) return op;
    const { padding } = before.attributes;
    const [, height, width] = plan.tensors[before.inputs[0] ?? -1] ?? [];
    const attributes = { ...op.attributes, padding, size: [height ?? 0, width ?? 0] as const };
    // TensorFlow 2.21 aborts the process over a depthwise convolution with padding given in numbers: its shape function
    // counts the dimensions wrong (`DepthwiseConv2DNativeShapeImpl`).
    if (op.kind === 'depthwiseConv2d' && paddingName(padding, attributes) === undefined) return op;
    return { ...op, attributes, inputs: before.inputs } as Convolution;
  });
  const used = new Set([plan.output, ...ops.flatMap(({ inputs }) => inputs)]);
  return { ...plan, ops: ops.filter((op) => op.kind !== 'pad' || used.has(op.output)) };
}
