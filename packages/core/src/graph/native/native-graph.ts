import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '../../tensorflow.ts';
import type { GraphNode } from './attributes.ts';
import { encodeSavedModel, SAVED_MODEL_TAG } from './encode.ts';

/** What tfjs-node's native addon offers below its typed backend (`tfjs_binding.d.ts`). */
interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): { id: number }[];
}

/** A tensor in native memory; freed by `deleteTensor`. */
export type TensorId = number;

export const binding = (): Binding => (tf.backend() as unknown as { binding: Binding }).binding;

export function createTensor(shape: number[], values: Float32Array | Int32Array | Uint8Array): TensorId {
  const native = binding();
  const dtype =
    values instanceof Float32Array ? native.TF_FLOAT : values instanceof Int32Array ? native.TF_INT32 : native.TF_UINT8;
  return native.createTensor(shape, dtype, values);
}

export const deleteTensors = (ids: readonly TensorId[]): void => {
  const native = binding();
  for (const id of ids) native.deleteTensor(id);
};

/** Names as the binding wants them: joined once, not at every run. */
export const joinNames = (names: readonly string[]): string => names.map((name) => `${name}:0`).join(',');

/**
 * A graph loaded into a TensorFlow session of its own, with variables of its own. Every set of fetches is pruned,
 * optimised and kept by the session at its first run, which therefore takes far longer than the later ones.
 */
export class NativeGraph {
  private id: number | undefined;

  /** Writes the graph as a SavedModel into a temporary folder, loads it and removes the folder. */
  constructor(nodes: readonly GraphNode[]) {
    const folder = mkdtempSync(join(tmpdir(), `l2bn-graph-${process.pid}-`));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      this.id = binding().loadSavedModel(folder, SAVED_MODEL_TAG);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Runs what the fetches need. The caller frees the inputs; the outputs are read and freed here. */
  run(inputs: readonly TensorId[], inputNames: string, fetchNames: string): Float32Array[] {
    if (this.id === undefined) throw new Error('the graph was disposed');
    const native = binding();
    const outputs = native.runSavedModel(this.id, inputs as TensorId[], inputNames, fetchNames);
    const values = outputs.map(({ id }) => native.tensorDataSync(id) as Float32Array);
    for (const { id } of outputs) native.deleteTensor(id);
    return values;
  }

  /** Ends the session and frees its variables. */
  dispose(): void {
    if (this.id === undefined) return;
    binding().deleteSavedModel(this.id);
    this.id = undefined;
  }
}
