/** Of one batch, at the weights before the update. */
export interface GraphMetrics {
  /** Mean over the batch, without the penalty. */
  loss: number;
  /** Σ l1·|w| + l2·w². */
  penalty: number;
  correct: number;
}

/** ‖w‖², ‖g‖² and ⟨w, g⟩ of one weight before an update; g is the gradient of the loss without the penalty. */
export interface WeightNorms {
  /** Index in `LayersModel.weights`. */
  weight: number;
  weightSquare: number;
  gradientSquare: number;
  inner: number;
}

/** From the tensor `FETCHES.step` or `FETCHES.evaluation`. */
export function readMetrics(values: Float32Array | undefined): GraphMetrics {
  const [loss = Number.NaN, penalty = Number.NaN, correct = 0] = values ?? [];
  return { loss, penalty, correct };
}

/** From the tensor `FETCHES.norms`, which holds one column after the other, squares halved. @param weights The weights of its rows. */
export const readNorms = (weights: readonly number[], values: Float32Array | undefined): WeightNorms[] =>
  weights.map((weight, row) => ({
    weight,
    weightSquare: 2 * (values?.[row] ?? Number.NaN),
    gradientSquare: 2 * (values?.[row + weights.length] ?? Number.NaN),
    inner: values?.[row + 2 * weights.length] ?? Number.NaN,
  }));
