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

/** Values per weight in the fetched tensor: ‖w‖², ‖g‖², ⟨w, g⟩. */
export const NORM_COLUMNS = 3;

/** Trained weights in the order of the rows that `buildNorms` makes. */
export const normRows = (storages: readonly Storage[]): number[] =>
  storages.filter(({ role }) => role === 'trained').flatMap(({ members }) => members.map(({ weight }) => weight));

/**
 * Adds [3 · rows] scalars: ‖w‖² of every trained weight, then ‖g‖², then ⟨w, g⟩, before the update and with g the
 * gradient of the loss without the penalty. Nothing of it runs unless it is fetched.
 */
export function buildNorms({ graph, store, penalty, dataGradients }: NormsCall): Ref {
  const columns: [Ref[], Ref[], Ref[]] = [[], [], []];
  for (const [storage, gradient] of dataGradients) {
    const value = store.read(storage);
    const products = [
      [value, value],
      [gradient, gradient],
      [value, gradient],
    ] as const;
    products.forEach(([a, b], column) => {
      columns[column]?.push(...products3(graph, storage, a, b, penalty));
    });
  }
  return pack(graph, columns.flat());
}

/** Inner products of two tensors laid out alike, one scalar per member. */
function products3(graph: GraphBuilder, storage: Storage, a: Ref, b: Ref, penalty: Penalty): Ref[] {
  const [member, ...others] = storage.members;
  if (member !== undefined && others.length === 0) {
    const half = a === b && a.endsWith('/read') ? penalty.halfSquare(member.weight) : undefined;
    if (half !== undefined) return [multiply(graph, half, graph.constant(2))];
    if (a === b) return [multiply(graph, unary(graph, 'L2Loss', a), graph.constant(2))];
    const flat = reshape(graph, multiply(graph, a, b), [null]);
    return [reduce(graph, 'Sum', flat, { axes: [0] })];
  }
  // One sum by segments for all vectors: a hundred separate sums would take longer than the vectors are worth.
  const segments = graph.intConstant(storage.members.flatMap(({ length }, index) => Array<number>(length).fill(index)));
  const sums = graph.add('SegmentSum', [multiply(graph, a, b), segments], { ...FLOAT, Tindices: type('int32') });
  const scalars = graph.add('Unpack', [sums], { ...FLOAT, num: int(storage.members.length), axis: int(0) });
  return storage.members.map((_, index) => output(scalars, index));
}
