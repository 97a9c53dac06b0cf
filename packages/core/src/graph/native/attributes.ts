/** Element types of TensorFlow tensors that the compiler uses. */
export type DataType = 'float32' | 'int32' | 'uint8' | 'bool' | 'resource';

/** Numbers of `tensorflow.DataType` (types.proto). */
export const DATA_TYPE_NUMBERS: Readonly<Record<DataType, number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  resource: 20,
};

/** Dimensions of a tensor; `null` where the size is known only when the graph runs (the batch). */
export type Shape = readonly (number | null)[];

/** Value of one attribute of a node (`tensorflow.AttrValue`). */
export type Attribute =
  | { kind: 'type'; value: DataType }
  | { kind: 'int'; value: number }
  | { kind: 'ints'; value: readonly number[] }
  | { kind: 'float'; value: number }
  | { kind: 'bool'; value: boolean }
  | { kind: 'text'; value: string }
  | { kind: 'shape'; value: Shape }
  | { kind: 'tensor'; type: DataType; shape: readonly number[]; content: Float32Array | Int32Array };

export type Attributes = Readonly<Record<string, Attribute>>;

export const type = (value: DataType): Attribute => ({ kind: 'type', value });
export const int = (value: number): Attribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const bool = (value: boolean): Attribute => ({ kind: 'bool', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });
export const shape = (value: Shape): Attribute => ({ kind: 'shape', value });

/** `T: float32`, the attribute of most ops. */
export const FLOAT: Attributes = { T: type('float32') };

/** One node of a graph, before it is encoded. */
export interface GraphNode {
  readonly op: string;
  readonly name: string;
  /** `node`, `node:1` (second output) or `^node` (control). */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}
