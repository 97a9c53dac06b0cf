import { matMul, reshape } from '../native/math.ts';
import type { OpLowering } from './op.ts';

/** Product of the last axis with `kernel` [channels, units], no bias. */
export const dense: OpLowering<Record<string, never>> = ({
  graph,
  inputs: [x = ''],
  inputShapes,
  outputShape,
  weight,
}) => {
  const kernel = weight('kernel');
  const inputShape = inputShapes[0] ?? [];
  const [channels = 0, units = 0] = kernel.shape;
  const flat = inputShape.length === 2;
  const rows = flat ? x : reshape(graph, x, [null, channels]);
  const product = matMul(graph, rows, kernel.ref);
  return {
    output: flat ? product : reshape(graph, product, outputShape),
    backward(gradient, [wanted]) {
      const dy = flat ? gradient : reshape(graph, gradient, [null, units]);
      if (kernel.trainable) kernel.addGradient(matMul(graph, rows, dy, { a: true }));
      if (!wanted) return [undefined];
      const dx = matMul(graph, dy, kernel.ref, { b: true });
      return [flat ? dx : reshape(graph, dx, inputShape)];
    },
  };
};
