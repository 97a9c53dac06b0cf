import { FLOAT, int, shape, text, type } from '../native/attributes.ts';
import { type GraphBuilder, output, type Ref } from '../native/graph-builder.ts';
import { DTYPE } from '../optimizer/variables.ts';
import type { ModelPlan } from '../plan/model-plan.ts';
import { layOut, type Storage } from './storage.ts';

/** The variables of a graph: handles, one read each, and the way in. */
export class WeightStore {
  readonly storages: readonly Storage[];
  private readonly graph: GraphBuilder;
  private readonly reads = new Map<string, Ref>();
  private readonly values = new Map<number, Ref>();

  constructor(graph: GraphBuilder, plan: ModelPlan) {
    this.graph = graph;
    this.storages = layOut(plan);
    for (const storage of this.storages) {
      this.reads.set(storage.name, this.variable(storage.name, storage.shape));
      this.splitMembers(storage);
    }
  }

  /** Value of a weight before any update of the run, in its own shape. */
  value(weight: number): Ref {
    const ref = this.values.get(weight);
    if (ref === undefined) throw new Error(`weight ${weight} lies in no variable`);
    return ref;
  }

  /** Value of a variable before any update of the run. */
  read({ name }: Storage): Ref {
    return this.reads.get(name) as Ref;
  }

  /** Adds a variable of that shape; returns its read. Its handle is its name. */
  variable(name: string, dimensions: readonly number[]): Ref {
    const { graph } = this;
    graph.add('VarHandleOp', [], { ...DTYPE, shape: shape(dimensions), shared_name: text(name) }, { name });
    const given = graph.placeholder(`${name}/given`, 'float32', dimensions);
    // Without the copy the variable would live in the buffer of the JavaScript array it was given, and train it.
    const copied = graph.add('DeepCopy', [given], FLOAT);
    const assigned = graph.add('AssignVariableOp', [name, copied], DTYPE, { name: `${name}/assign` });
    // The binding runs what it can fetch, and an assignment has no output.
    graph.add('Identity', [graph.constant(0)], FLOAT, { name: `${name}/assigned`, after: [assigned] });
    return graph.add('ReadVariableOp', [name], DTYPE, { name: `${name}/read` });
  }

  private splitMembers(storage: Storage): void {
    const { graph } = this;
    const read = this.read(storage);
    const [first, ...others] = storage.members;
    if (first !== undefined && others.length === 0) {
      this.values.set(first.weight, read);
      return;
    }
    const sizes = graph.intConstant(storage.members.map(({ length }) => length));
    const parts = graph.add('SplitV', [read, sizes, graph.intConstant(0)], {
      ...FLOAT,
      Tlen: type('int32'),
      num_split: int(storage.members.length),
    });
    storage.members.forEach(({ weight }, index) => {
      this.values.set(weight, output(parts, index));
    });
  }
}
