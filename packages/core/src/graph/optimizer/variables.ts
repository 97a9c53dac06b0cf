import { type Attributes, type } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { multiply, subtract } from '../native/math.ts';
import type { UpdateCall } from './optimizer.ts';

export const DTYPE: Attributes = { dtype: type('float32') };

/** Replaces a variable's buffer by that of `value`: no copy. */
export const assign = (graph: GraphBuilder, variable: Ref, value: Ref): Ref =>
  graph.add('AssignVariableOp', [variable, value], DTYPE);

/**
 * Nodes that an in-place update has to wait for: the readers, and the decoupled decay w ← w − 2ηc·w if there is one. Not
 * w ← (1 − 2ηc)·w: that factor has only 24 bits, and what it loses is the same at every step — at 2ηc = 2e-4 the weights
 * would be 1e-5 off after 450 steps, where the rounding of the subtraction averages out.
 */
export function decayFirst({ graph, variable, value, decay, readers }: UpdateCall): readonly Ref[] {
  if (decay === undefined) return readers;
  return [...readers, assign(graph, variable, subtract(graph, value, multiply(graph, value, decay)))];
}
