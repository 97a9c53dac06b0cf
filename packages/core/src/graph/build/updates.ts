import { FLOAT, int } from '../native/attributes.ts';
import { type GraphBuilder, output, type Ref } from '../native/graph-builder.ts';
import { addAll, divide, multiply, pack, reduce, subtract, unary } from '../native/math.ts';
import type { OptimizerLowering } from '../optimizer/optimizer.ts';
import { assign, DTYPE } from '../optimizer/variables.ts';
import { gather } from './gather-gradients.ts';
import type { BackwardResult } from './lower-plan.ts';
import type { Penalty } from './penalty.ts';
import type { Storage } from './storage.ts';
import type { WeightStore } from './weight-store.ts';

interface UpdatesCall {
  graph: GraphBuilder;
  store: WeightStore;
  penalty: Penalty;
  optimizer: OptimizerLowering;
  backward: BackwardResult;
  learningRate: Ref;
  scalar(name: string): Ref;
  /** Scalar: bound on the common norm of all gradients. */
  clipNorm: Ref | undefined;
}

export interface Updates {
  /** Nodes that complete the step. */
  nodes: Ref[];
  /** Gradients of the loss without the penalty, by storage. */
  dataGradients: Map<Storage, Ref>;
}

export const slotName = (storage: Storage, slot: string): string => `${storage.name}/${slot}`;
export const trainedStorages = (storages: readonly Storage[]): Storage[] =>
  storages.filter(({ role }) => role === 'trained');

/** Adds the updates of weights and moving statistics. */
export function buildUpdates(call: UpdatesCall): Updates {
  const { graph, store, penalty, optimizer, backward, clipNorm } = call;
  const trained = trainedStorages(store.storages);
  const dataGradients = new Map(trained.map((storage) => [storage, gather(graph, storage, backward.gradients)]));
  const decays = optimizer.penaltyEnters === 'decay';
  let gradients = trained.map((storage) => totalGradient(call, storage, dataGradients.get(storage) ?? '', !decays));
  if (clipNorm !== undefined) gradients = clipAll(graph, gradients, clipNorm);

  const readers = readersOf(graph);
  const nodes = trained.map((storage, index) => {
    const only = storage.members.length === 1 ? storage.members[0] : undefined;
    for (const slot of optimizer.slots) store.variable(slotName(storage, slot), storage.shape);
    return optimizer.apply({
      graph,
      variable: storage.name,
      value: store.read(storage),
      gradient: gradients[index] ?? '',
      learningRate: call.learningRate,
      scalar: call.scalar,
      slot: (slot) => slotName(storage, slot),
      decay: decays && only !== undefined ? penalty.decay(only.weight) : undefined,
      readers: only === undefined ? [] : readers(store.read(storage)),
    });
  });
  return { nodes: [...nodes, ...buildStatistics(call)], dataGradients };
}

/** The gradient with what the penalty adds to it. Packed variables have no penalty. */
function totalGradient({ graph, store, penalty }: UpdatesCall, storage: Storage, data: Ref, withL2: boolean): Ref {
  const [member, ...others] = storage.members;
  if (member === undefined || others.length > 0) return data;
  const terms = [data];
  const weightDecay = withL2 ? penalty.weightDecay(member.weight) : undefined;
  if (weightDecay !== undefined) terms.push(multiply(graph, store.read(storage), weightDecay));
  const l1 = penalty.l1Gradient(member.weight);
  if (l1 !== undefined) terms.push(l1);
  return addAll(graph, terms);
}

/** g · clip / max(‖all g‖, clip), as `tf.clip_by_global_norm`. */
function clipAll(graph: GraphBuilder, gradients: readonly Ref[], clipNorm: Ref): Ref[] {
  const halves = pack(
    graph,
    gradients.map((gradient) => unary(graph, 'L2Loss', gradient)),
  );
  const square = multiply(graph, reduce(graph, 'Sum', halves, { axes: [0] }), graph.constant(2));
  const norm = graph.add('Maximum', [unary(graph, 'Sqrt', square), clipNorm], FLOAT);
  const factor = divide(graph, clipNorm, norm);
  return gradients.map((gradient) => multiply(graph, gradient, factor));
}

/** s ← s − (1 − momentum)·(s − batch), once per use of the layer. */
function buildStatistics({ graph, store, backward }: UpdatesCall): Ref[] {
  return store.storages
    .filter(({ role }) => role === 'statistics')
    .map((storage) => {
      const rate = graph.constant(1 - (storage.momentum ?? 0));
      const blend = (value: Ref, batch: Ref) => multiply(graph, subtract(graph, value, batch), rate);
      const [first] = storage.members;
      const uses = storage.members.length === 1 ? (backward.observations.get(first?.weight ?? -1) ?? []) : [];
      if (uses.length > 1) {
        const value = uses.reduce((old, batch) => subtract(graph, old, blend(old, batch)), store.read(storage));
        return assign(graph, storage.name, value);
      }
      const change = blend(store.read(storage), gather(graph, storage, backward.observations));
      return graph.add('AssignSubVariableOp', [storage.name, change], DTYPE);
    });
}

/** Finds the nodes that use a value, through reshapes, among those that stand so far. */
function readersOf(graph: GraphBuilder): (ref: Ref) => Ref[] {
  const consumers = new Map<string, { name: string; op: string }[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  }
  const find = (ref: Ref): Ref[] =>
    (consumers.get(ref) ?? []).flatMap(({ name, op }) => (op === 'Reshape' ? find(name) : [name]));
  return find;
}

export const unpackScalars = (graph: GraphBuilder, vector: Ref, names: readonly string[]): ((name: string) => Ref) => {
  const scalars = graph.add('Unpack', [vector], { ...FLOAT, num: int(names.length), axis: int(0) });
  return (name) => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`no scalar ${name} among ${names.join(', ')}`);
    return output(scalars, index);
  };
};
