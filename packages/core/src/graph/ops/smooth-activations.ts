import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { add, affine, multiply, subtract, unary } from '../native/math.ts';

/** A lowered activation. */
export interface Activation {
  output: Ref;
  /** ∂loss/∂input, given ∂loss/∂output. */
  gradient(dy: Ref): Ref;
}

const square = (graph: GraphBuilder, x: Ref) => unary(graph, 'Square', x);

/** x·σ(x). */
export const swish = (graph: GraphBuilder, x: Ref): Activation => {
  const s = unary(graph, 'Sigmoid', x);
  const y = multiply(graph, x, s);
  return {
    output: y,
    // (x·s)' = s + y·(1 − s)
    gradient: (dy) => multiply(graph, dy, add(graph, s, multiply(graph, y, subtract(graph, graph.constant(1), s)))),
  };
};

/** x·Φ(x). */
export const gelu = (graph: GraphBuilder, x: Ref): Activation => {
  const cdf = affine(graph, unary(graph, 'Erf', multiply(graph, x, graph.constant(Math.SQRT1_2))), 0.5, 0.5);
  return {
    output: multiply(graph, x, cdf),
    gradient(dy) {
      const bell = unary(graph, 'Exp', multiply(graph, square(graph, x), graph.constant(-0.5)));
      const density = multiply(graph, bell, graph.constant(1 / Math.sqrt(2 * Math.PI)));
      return multiply(graph, dy, add(graph, cdf, multiply(graph, x, density)));
    },
  };
};

/** ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
export const tanhGelu = (graph: GraphBuilder, x: Ref): Activation => {
  const slope = Math.sqrt(2 / Math.PI);
  const inner = multiply(graph, x, affine(graph, square(graph, x), slope * 0.044715, slope));
  const t = unary(graph, 'Tanh', inner);
  const half = affine(graph, t, 0.5, 0.5);
  return {
    output: multiply(graph, x, half),
    gradient(dy) {
      const innerSlope = affine(graph, square(graph, x), 3 * slope * 0.044715, slope);
      const bend = multiply(graph, affine(graph, square(graph, t), -0.5, 0.5), multiply(graph, x, innerSlope));
      return multiply(graph, dy, add(graph, half, bend));
    },
  };
};

/** x·tanh(softplus(x)). */
export const mish = (graph: GraphBuilder, x: Ref): Activation => {
  const t = unary(graph, 'Tanh', unary(graph, 'Softplus', x));
  return {
    output: multiply(graph, x, t),
    gradient(dy) {
      const bend = multiply(graph, affine(graph, square(graph, t), -1, 1), unary(graph, 'Sigmoid', x));
      return multiply(graph, dy, add(graph, t, multiply(graph, x, bend)));
    },
  };
};
