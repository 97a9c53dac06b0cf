import type { GraphOptions } from './build/training-graph-nodes.ts';
import { CompiledGraph } from './compiled-graph.ts';
import type { ModelPlan } from './plan/model-plan.ts';

/**
 * Compiled graphs that nobody uses now, by the structure they were made from, the one used last at the end. One per
 * thread, as every thread loads this module for itself. Loading and optimising a graph takes as long as dozens of steps,
 * and the trials of a sweep differ in λ, learning rate and seed, which are inputs.
 */
const idle = new Map<string, CompiledGraph[]>();

/** A graph keeps its weights in memory; a sweep seldom has more structures than this. */
const MAX_IDLE = 4;

const keyOf = (plan: ModelPlan, { loss, optimizer }: GraphOptions): string =>
  JSON.stringify([plan, loss, optimizer.name, optimizer.clipNorm !== undefined]);

/** An idle graph of that structure, or a new one. Its variables hold whatever they held. */
export function acquireGraph(plan: ModelPlan, options: GraphOptions): { key: string; graph: CompiledGraph } {
  const key = keyOf(plan, options);
  const graph = take(key) ?? new CompiledGraph(plan, options);
  return { key, graph };
}

export function releaseGraph(key: string, graph: CompiledGraph): void {
  const list = idle.get(key) ?? [];
  // Re-inserted, so that the order of the keys is that of their last use.
  idle.delete(key);
  idle.set(key, [...list, graph]);
  if ([...idle.values()].flat().length > MAX_IDLE) {
    const [oldest = ''] = idle.keys();
    take(oldest)?.dispose();
  }
}

/** Frees all idle graphs of this thread. */
export function clearGraphCache(): void {
  for (const graph of [...idle.values()].flat()) graph.dispose();
  idle.clear();
}

function take(key: string): CompiledGraph | undefined {
  const [graph, ...rest] = idle.get(key) ?? [];
  if (rest.length > 0) idle.set(key, rest);
  else idle.delete(key);
  return graph;
}
