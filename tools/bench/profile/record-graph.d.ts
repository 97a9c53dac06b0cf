/** What the recorder listens to of tfjs-node's addon. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): unknown;
}
