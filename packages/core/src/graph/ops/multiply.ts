import { multiply as times } from '../native/math.ts';
import type { OpLowering } from './op.ts';

/** Elementwise product of tensors of one shape. */
export const multiply: OpLowering<Record<string, never>> = ({ graph, inputs }) => ({
  output: inputs.reduce((product, factor) => times(graph, product, factor)),
  backward: (gradient, wanted) =>
    inputs.map((_, index) => {
      if (!wanted[index]) return undefined;
      const others = inputs.filter((_other, at) => at !== index);
      return others.reduce((product, factor) => times(graph, product, factor), gradient);
    }),
});
