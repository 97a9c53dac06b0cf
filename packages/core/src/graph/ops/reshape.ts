import { reshape as toShape } from '../native/math.ts';
import type { OpLowering } from './op.ts';

/** The same numbers in another shape; the batch stays the first axis. */
export const reshape: OpLowering<Record<string, never>> = ({ graph, inputs: [x = ''], inputShapes, outputShape }) => ({
  output: toShape(graph, x, outputShape),
  backward: (gradient) => [toShape(graph, gradient, inputShapes[0] ?? [])],
});
