import { FLOAT, int, type } from '../native/attributes.ts';
import { type GraphBuilder, output, type Ref } from '../native/graph-builder.ts';
import { multiply, pack, reduce, reshape, unary } from '../native/math.ts';
import type { Penalty } from './penalty.ts';
import type { Storage } from './storage.ts';
import type { WeightStore } from './weight-store.ts';

interface NormsCall {
  graph: GraphBuilder;
  store: WeightStore;
  penalty: Penalty;
  dataGradients: ReadonlyMap<Storage, Ref>;
}

/** Trained weights in the order of the rows that `buildNorms` makes. */
export const normRows = (storages: readonly Storage[]): number[] =>
  storages.filter(({ role }) => role === 'trained').flatMap(({ members }) => members.map(({ weight }) => weight));

/**
 * Adds [3 · rows] scalars: ½‖w‖² of every trained weight, then ½‖g‖², then ⟨w, g⟩, before the update and with g the
 * gradient of the loss without the penalty. Halves, as `L2Loss` gives them and the reader doubles them for free. Nothing of it runs unless it is fetched.
 */
export function buildNorms({ graph, store, penalty, dataGradients }: NormsCall): Ref {
  const entries = [...dataGradients].map(([storage, gradient]) => ({ storage, gradient, value: store.read(storage) }));
  return pack(graph, [
    ...entries.flatMap(({ storage, value }) => halfSquares(graph, storage, value, penalty)),
    ...entries.flatMap(({ storage, gradient }) => halfSquares(graph, storage, gradient)),
    ...entries.flatMap(({ storage, value, gradient }) => innerProducts(graph, storage, value, gradient)),
  ]);
}

const isSingle = ({ members }: Storage): boolean => members.length === 1;

/** Halves of squared norms, one scalar per member. @param penalty Has them at hand for the weights it stands on. */
function halfSquares(graph: GraphBuilder, storage: Storage, x: Ref, penalty?: Penalty): Ref[] {
  if (!isSingle(storage))
    return segmentSums(graph, storage, multiply(graph, unary(graph, 'Square', x), graph.constant(0.5)));
  return [penalty?.halfSquare(storage.members[0]?.weight ?? -1) ?? unary(graph, 'L2Loss', x)];
}

/** Inner products of two tensors laid out alike, one scalar per member. */
function innerProducts(graph: GraphBuilder, storage: Storage, a: Ref, b: Ref): Ref[] {
  const products = multiply(graph, a, b);
  if (isSingle(storage)) return [reduce(graph, 'Sum', reshape(graph, products, [null]), { axes: [0] })];
  return segmentSums(graph, storage, products);
}

/** One sum by segments for all vectors: a hundred separate sums would take longer than the vectors are worth. */
function segmentSums(graph: GraphBuilder, { members }: Storage, x: Ref): Ref[] {
  const segments = graph.intConstant(members.flatMap(({ length }, index) => Array<number>(length).fill(index)));
  const sums = graph.add('SegmentSum', [x, segments], { ...FLOAT, Tindices: type('int32') });
  const scalars = graph.add('Unpack', [sums], { ...FLOAT, num: int(members.length), axis: int(0) });
  return members.map((_, index) => output(scalars, index));
}
