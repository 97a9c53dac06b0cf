import { type Attributes, type DataType, type GraphNode, type Shape, shape, type } from './attributes.ts';

/** Output of a node, as other nodes name it: `node` or `node:1`. */
export type Ref = string;

interface NodeOptions {
  /** Full name; otherwise the op's name, numbered, under the current scope. */
  name?: string;
  /** Nodes (or outputs) that must have run before. */
  after?: readonly Ref[];
}

/** Collects the nodes of a graph, in topological order, under unique names. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  private readonly names = new Map<string, number>();
  private readonly constants = new Map<string, Ref>();
  private prefix = '';

  /** Adds a node and returns its first output. */
  add(op: string, inputs: readonly Ref[], attributes: Attributes = {}, options: NodeOptions = {}): Ref {
    const name = this.uniqueName(options.name ?? `${this.prefix}${op}`);
    const control = (options.after ?? []).map((ref) => `^${nodeOf(ref)}`);
    this.nodes.push({ op, name, inputs: [...inputs, ...new Set(control)], attributes });
    return name;
  }

  /** Gives the nodes that `build` adds a common prefix. */
  scope<T>(name: string, build: () => T): T {
    const outer = this.prefix;
    this.prefix = `${outer}${name}/`;
    try {
      return build();
    } finally {
      this.prefix = outer;
    }
  }

  placeholder(name: string, dtype: DataType, dimensions: Shape): Ref {
    return this.add('Placeholder', [], { dtype: type(dtype), shape: shape(dimensions) }, { name });
  }

  /** A float constant; equal ones are one node. */
  constant(values: number | readonly number[]): Ref {
    return this.literal('float32', values, Float32Array);
  }

  /** An int32 constant; equal ones are one node. */
  intConstant(values: number | readonly number[]): Ref {
    return this.literal('int32', values, Int32Array);
  }

  /** An int32 constant of rank 2. */
  intMatrix(rows: readonly (readonly number[])[]): Ref {
    return this.literal('int32', rows.flat(), Int32Array, [rows.length, rows[0]?.length ?? 0]);
  }

  private literal(
    dtype: DataType,
    values: number | readonly number[],
    ArrayType: typeof Float32Array | typeof Int32Array,
    dimensions: readonly number[] = typeof values === 'number' ? [] : [values.length],
  ): Ref {
    const key = `${dtype}${dimensions}:${values}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const list = typeof values === 'number' ? [values] : values;
    const value = { kind: 'tensor', type: dtype, shape: dimensions, content: ArrayType.from(list) } as const;
    const ref = this.add('Const', [], { dtype: type(dtype), value }, { name: `constant/${dtype}` });
    this.constants.set(key, ref);
    return ref;
  }

  private uniqueName(wanted: string): string {
    const used = this.names.get(wanted);
    this.names.set(wanted, (used ?? 0) + 1);
    return used === undefined ? wanted : this.uniqueName(`${wanted}_${used}`);
  }
}

const nodeOf = (ref: Ref): string => ref.replace(/:\d+$/, '');

/** Another output of the node whose first output is `ref`. */
export const output = (ref: Ref, index: number): Ref => (index === 0 ? ref : `${ref}:${index}`);
