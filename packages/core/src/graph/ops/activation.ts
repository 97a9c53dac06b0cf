import { type Attributes, FLOAT, float } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { add, affine, cast, multiply, reduce, subtract, unary } from '../native/math.ts';
import type { OpLowering } from './op.ts';
import { type Activation, gelu, mish, swish, tanhGelu } from './smooth-activations.ts';

export type ActivationAttributes =
  | { name: 'clippedRelu'; max: number }
  | { name: 'elu'; alpha: number }
  | { name: 'leakyRelu'; alpha: number }
  | { name: Exclude<ActivationName, 'clippedRelu' | 'elu' | 'leakyRelu'> };

export const ACTIVATION_NAMES = [
  'clippedRelu',
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'leakyRelu',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;
export type ActivationName = (typeof ACTIVATION_NAMES)[number];

type Build<A> = (graph: GraphBuilder, x: Ref, attributes: A) => Activation;

/** An op whose gradient op takes (dy, output), or (output, dy). */
const byOutput =
  (op: string, gradientOp: string, order: 'dyFirst' | 'yFirst' = 'dyFirst', attributes: Attributes = {}) =>
  (graph: GraphBuilder, x: Ref): Activation => {
    const y = graph.add(op, [x], { ...FLOAT, ...attributes });
    return {
      output: y,
      gradient: (dy) => graph.add(gradientOp, order === 'dyFirst' ? [dy, y] : [y, dy], { ...FLOAT, ...attributes }),
    };
  };

/** An op whose gradient op takes (dy, input). */
const byInput =
  (op: string, gradientOp: string, attributes: Attributes = {}) =>
  (graph: GraphBuilder, x: Ref): Activation => ({
    output: graph.add(op, [x], { ...FLOAT, ...attributes }),
    gradient: (dy) => graph.add(gradientOp, [dy, x], { ...FLOAT, ...attributes }),
  });

const clippedRelu: Build<{ max: number }> = (graph, x, { max }) => {
  if (max === 6) return byOutput('Relu6', 'Relu6Grad')(graph, x);
  const limit = graph.constant(max);
  const y = graph.add('Minimum', [unary(graph, 'Relu', x), limit], FLOAT);
  return {
    output: y,
    // As Relu6Grad: nothing passes at the limit itself.
    gradient(dy) {
      const below = cast(graph, graph.add('Less', [y, limit], FLOAT), 'bool');
      return multiply(graph, graph.add('ReluGrad', [dy, y], FLOAT), below);
    },
  };
};

/** clip(0.2x + 0.5, 0, 1). */
const hardSigmoid = (graph: GraphBuilder, x: Ref): Activation => {
  const line = affine(graph, x, 0.2, 0.5);
  const clipped = clippedRelu(graph, line, { max: 1 });
  return {
    output: clipped.output,
    gradient: (dy) => multiply(graph, clipped.gradient(dy), graph.constant(0.2)),
  };
};

const elu: Build<{ alpha: number }> = (graph, x, { alpha }) => {
  if (alpha === 1) return byOutput('Elu', 'EluGrad')(graph, x);
  const factor = graph.constant(alpha);
  const zero = graph.constant(0);
  const falling = multiply(graph, unary(graph, 'Expm1', graph.add('Minimum', [x, zero], FLOAT)), factor);
  const y = add(graph, unary(graph, 'Relu', x), falling);
  return {
    output: y,
    // For x < 0 the slope is α·exp(x) = y + α.
    gradient(dy) {
      const positive = cast(graph, graph.add('Greater', [x, zero], FLOAT), 'bool');
      const slope = add(graph, graph.add('Minimum', [y, zero], FLOAT), factor);
      const negative = multiply(graph, subtract(graph, graph.constant(1), positive), slope);
      return multiply(graph, dy, add(graph, positive, negative));
    },
  };
};

const softmax = (graph: GraphBuilder, x: Ref): Activation => {
  const y = unary(graph, 'Softmax', x);
  return {
    output: y,
    gradient(dy) {
      const mean = reduce(graph, 'Sum', multiply(graph, dy, y), { axes: [-1], keepDims: true });
      return multiply(graph, subtract(graph, dy, mean), y);
    },
  };
};

const logSoftmax = (graph: GraphBuilder, x: Ref): Activation => {
  const y = unary(graph, 'LogSoftmax', x);
  return {
    output: y,
    gradient(dy) {
      const total = reduce(graph, 'Sum', dy, { axes: [-1], keepDims: true });
      return subtract(graph, dy, multiply(graph, unary(graph, 'Exp', y), total));
    },
  };
};

const plain: Record<
  Exclude<ActivationName, 'clippedRelu' | 'elu' | 'leakyRelu'>,
  (graph: GraphBuilder, x: Ref) => Activation
> = {
  gelu,
  gelu_new: tanhGelu,
  hardSigmoid,
  linear: (_graph, x) => ({ output: x, gradient: (dy) => dy }),
  logSoftmax,
  mish,
  relu: byOutput('Relu', 'ReluGrad'),
  relu6: byOutput('Relu6', 'Relu6Grad'),
  selu: byOutput('Selu', 'SeluGrad'),
  sigmoid: byOutput('Sigmoid', 'SigmoidGrad', 'yFirst'),
  softmax,
  softplus: byInput('Softplus', 'SoftplusGrad'),
  softsign: byInput('Softsign', 'SoftsignGrad'),
  swish,
  tanh: byOutput('Tanh', 'TanhGrad', 'yFirst'),
};

function build(graph: GraphBuilder, x: Ref, attributes: ActivationAttributes): Activation {
  switch (attributes.name) {
    case 'clippedRelu':
      return clippedRelu(graph, x, attributes);
    case 'elu':
      return elu(graph, x, attributes);
    case 'leakyRelu':
      return byInput('LeakyRelu', 'LeakyReluGrad', { alpha: float(attributes.alpha) })(graph, x);
    default:
      return plain[attributes.name](graph, x);
  }
}

/** An elementwise non-linearity (or a softmax over the last axis). Gradients at a kink are those of TensorFlow's kernels. */
export const activation: OpLowering<ActivationAttributes> = ({ graph, attributes, inputs: [x = ''] }) => {
  const { output, gradient } = build(graph, x, attributes);
  return { output, backward: (dy, [wanted]) => [wanted ? gradient(dy) : undefined] };
};
