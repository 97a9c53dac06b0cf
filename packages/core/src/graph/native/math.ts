import { bool, FLOAT, int, type Shape, type } from './attributes.ts';
import type { GraphBuilder, Ref } from './graph-builder.ts';

/** Ops on float tensors that many lowerings need, each one node (shapes as constants aside). */

export const add = (graph: GraphBuilder, a: Ref, b: Ref): Ref => graph.add('AddV2', [a, b], FLOAT);
export const subtract = (graph: GraphBuilder, a: Ref, b: Ref): Ref => graph.add('Sub', [a, b], FLOAT);
export const multiply = (graph: GraphBuilder, a: Ref, b: Ref): Ref => graph.add('Mul', [a, b], FLOAT);
export const divide = (graph: GraphBuilder, a: Ref, b: Ref): Ref => graph.add('RealDiv', [a, b], FLOAT);
export const unary = (graph: GraphBuilder, op: string, x: Ref): Ref => graph.add(op, [x], FLOAT);

/** factor·x + term. */
export const affine = (graph: GraphBuilder, x: Ref, factor: number, term: number): Ref =>
  add(graph, multiply(graph, x, graph.constant(factor)), graph.constant(term));

/** Sum of one or more tensors of one shape. */
export function addAll(graph: GraphBuilder, terms: readonly Ref[]): Ref {
  const [first, second] = terms;
  if (first === undefined) throw new Error('a sum of nothing has no shape');
  if (second === undefined) return first;
  if (terms.length === 2) return add(graph, first, second);
  return graph.add('AddN', terms, { ...FLOAT, N: int(terms.length) });
}

export interface ReduceOptions {
  axes: readonly number[];
  keepDims?: boolean;
}

export const reduce = (graph: GraphBuilder, op: 'Sum' | 'Mean', x: Ref, options: ReduceOptions): Ref =>
  graph.add(op, [x, graph.intConstant(options.axes)], {
    ...FLOAT,
    Tidx: type('int32'),
    keep_dims: bool(options.keepDims ?? false),
  });

/** Reshape to a shape in which at most one size (the batch) is unknown. No copy. */
export const reshape = (graph: GraphBuilder, x: Ref, to: Shape): Ref =>
  graph.add('Reshape', [x, graph.intConstant(to.map((size) => size ?? -1))], { ...FLOAT, Tshape: type('int32') });

export const matMul = (graph: GraphBuilder, a: Ref, b: Ref, transpose: { a?: boolean; b?: boolean } = {}): Ref =>
  graph.add('MatMul', [a, b], {
    ...FLOAT,
    transpose_a: bool(transpose.a ?? false),
    transpose_b: bool(transpose.b ?? false),
  });

/** Runtime shape of a float tensor, int32. */
export const shapeOf = (graph: GraphBuilder, x: Ref): Ref =>
  graph.add('Shape', [x], { ...FLOAT, out_type: type('int32') });

export const cast = (graph: GraphBuilder, x: Ref, from: 'bool' | 'int32'): Ref =>
  graph.add('Cast', [x], { SrcT: type(from), DstT: type('float32') });

/** Scalars (or equal tensors) into one tensor along a new first axis. */
export const pack = (
  graph: GraphBuilder,
  parts: readonly Ref[],
  options: { name?: string; after?: readonly Ref[] } = {},
): Ref => graph.add('Pack', parts, { ...FLOAT, N: int(parts.length), axis: int(0) }, options);

export const sizeOf = (dimensions: readonly number[]): number =>
  dimensions.reduce((product, size) => product * size, 1);
