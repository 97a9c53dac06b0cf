import { FLOAT, int, type } from '../native/attributes.ts';
import type { GraphBuilder, Ref } from '../native/graph-builder.ts';
import { addAll } from '../native/math.ts';
import type { Storage } from './storage.ts';

/** What came in per weight, as one tensor in the shape of the variable that holds the weights. */
export function gather(graph: GraphBuilder, storage: Storage, parts: ReadonlyMap<number, readonly Ref[]>): Ref {
  const members = storage.members.map(({ weight }) => {
    const terms = parts.get(weight);
    if (terms === undefined) throw new Error(`nothing reaches weight ${weight}`);
    return addAll(graph, terms);
  });
  const [only] = members;
  if (only !== undefined && members.length === 1) return only;
  return graph.add('ConcatV2', [...members, graph.intConstant(0)], {
    ...FLOAT,
    N: int(members.length),
    Tidx: type('int32'),
  });
}
