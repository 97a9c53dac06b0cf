import { type Attributes, type } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { multiply } from '../native/math.ts';
import type { UpdateCall } from './optimizer.ts';

export const DTYPE: Attributes = { dtype: type('float32') };

/** Replaces a variable's buffer by that of `value`: no copy. */
export const assign = (graph: GraphBuilder, variable: Ref, value: Ref): Ref =>
  graph.add('AssignVariableOp', [variable, value], DTYPE);

/** Nodes that an in-place update has to wait for: the readers, and the decay w ← shrink·w if there is one. */
export function decayFirst({ graph, variable, value, shrink, readers }: UpdateCall): readonly Ref[] {
  if (shrink === undefined) return readers;
  return [...readers, assign(graph, variable, multiply(graph, value, shrink))];
}
