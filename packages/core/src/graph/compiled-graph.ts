import type { Storage } from './build/storage.ts';
import { buildTrainingGraph, type GraphOptions, type TrainingGraphNodes } from './build/training-graph-nodes.ts';
import { createTensor, deleteTensors, joinNames, NativeGraph, type TensorId } from './native/native-graph.ts';
import type { ModelPlan } from './plan/model-plan.ts';

/** A loaded graph and the way to its variables: what can be used again for another run of equal shape. */
export class CompiledGraph {
  readonly plan: ModelPlan;
  readonly nodes: TrainingGraphNodes;
  private readonly native: NativeGraph;

  constructor(plan: ModelPlan, options: GraphOptions) {
    this.plan = plan;
    const { nodes, ...facts } = buildTrainingGraph(plan, options);
    this.native = new NativeGraph(nodes);
    // The nodes themselves have served; only the facts are needed from here on.
    this.nodes = { ...facts, nodes: [] };
  }

  run(inputs: readonly TensorId[], inputNames: string, fetches: string): Float32Array[] {
    return this.native.run(inputs, inputNames, fetches);
  }

  getWeights(): Float32Array[] {
    const values = this.read(this.nodes.storages.map(({ name }) => name));
    return this.split(this.nodes.storages, values);
  }

  setWeights(weights: readonly Float32Array[]): void {
    const { storages } = this.nodes;
    this.assign(storages.map((storage) => ({ name: storage.name, storage, values: join(storage, weights) })));
  }

  /** The optimizer's variables by name, each in the order of the weights. */
  getSlots(): Record<string, Float32Array[]> {
    return Object.fromEntries(
      this.slotNames().map((slot) => {
        const own = this.nodes.slots.filter((entry) => entry.slot === slot);
        const values = this.read(own.map(({ name }) => name));
        return [
          slot,
          this.split(
            own.map(({ storage }) => storage),
            values,
          ),
        ];
      }),
    );
  }

  setSlots(slots: Readonly<Record<string, readonly Float32Array[]>>): void {
    this.assign(
      this.nodes.slots.map(({ storage, slot, name }) => ({ name, storage, values: join(storage, slots[slot] ?? []) })),
    );
  }

  /** Sets every variable of the optimizer to 0. */
  clearSlots(): void {
    this.assign(
      this.nodes.slots.map(({ storage, name }) => ({ name, storage, values: new Float32Array(storage.length) })),
    );
  }

  dispose(): void {
    this.native.dispose();
  }

  private slotNames(): string[] {
    return [...new Set(this.nodes.slots.map(({ slot }) => slot))];
  }

  private read(variables: readonly string[]): Float32Array[] {
    return this.native.run([], '', joinNames(variables.map((name) => `${name}/read`)));
  }

  private assign(entries: readonly { name: string; storage: Storage; values: Float32Array }[]): void {
    if (entries.length === 0) return;
    const inputs = entries.map(({ storage, values }) => createTensor([...storage.shape], values));
    try {
      const names = joinNames(entries.map(({ name }) => `${name}/given`));
      this.native.run(inputs, names, joinNames(entries.map(({ name }) => `${name}/assigned`)));
    } finally {
      deleteTensors(inputs);
    }
  }

  /** Values of variables as values of weights, by weight. */
  private split(storages: readonly Storage[], values: readonly Float32Array[]): Float32Array[] {
    const weights = this.plan.weights.map(() => new Float32Array());
    storages.forEach((storage, index) => {
      for (const { weight, offset, length } of storage.members) {
        weights[weight] = (values[index] ?? new Float32Array()).slice(offset, offset + length);
      }
    });
    return weights;
  }
}

/** Values of weights as the value of the variable that holds them. */
function join(storage: Storage, weights: readonly Float32Array[]): Float32Array {
  const values = new Float32Array(storage.length);
  for (const { weight, offset, length } of storage.members) {
    const part = weights[weight];
    if (part?.length !== length) {
      throw new Error(`weight ${weight}: got ${part?.length ?? 'no'} values, want ${length}`);
    }
    values.set(part, offset);
  }
  return values;
}
