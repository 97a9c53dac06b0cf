import { afterAll, describe, expect, it } from 'vitest';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { clearGraphCache } from '../graph-cache.ts';
import { compileTrainingGraph } from '../training-graph.ts';

const UNITS = 4000;
const RATE = 0.3;

/**
 * x → dropout → dropout → sum with weights 1: under a squared error with targets 0 and x = 1, the gradient of weight i is
 * proportional to what both masks left of it.
 */
function masks(seed: number, steps: number): Float32Array[] {
  const model = tf.sequential({
    layers: [
      tf.layers.dropout({ rate: RATE, inputShape: [UNITS] }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
    ],
  });
  const graph = compileTrainingGraph(model as Tfjs.LayersModel, {
    optimizer: { name: 'sgd', momentum: 0 },
    loss: { name: 'meanSquaredError' },
    seed,
  });
  const ones = new Float32Array(UNITS).fill(1);
  const result = Array.from({ length: steps }, () => {
    graph.setWeights([ones]);
    const { loss } = graph.train({ images: ones, targets: new Float32Array(1), count: 1 }, { learningRate: 1e-4 });
    // ∂(Σ mᵢwᵢ)²/∂wᵢ = 2·Σ·mᵢ
    const sum = Math.sqrt(loss);
    return (graph.getWeights()[0] as Float32Array).map((value) => (1 - value) / (2e-4 * sum));
  });
  graph.dispose();
  return result;
}

describe('dropout', () => {
  afterAll(clearGraphCache);

  it('keeps a share of 1 − rate, scaled by its inverse', () => {
    const [mask] = masks(1, 1);
    const kept = (mask as Float32Array).filter((value) => value > 0.5);
    // Binomial(4000, 0.7): five standard deviations are 145.
    expect(Math.abs(kept.length - UNITS * (1 - RATE))).toBeLessThan(145);
    for (const value of kept) expect(value).toBeCloseTo(1 / (1 - RATE), 2);
    expect((mask as Float32Array).filter((value) => Math.abs(value) < 1e-3).length).toBe(UNITS - kept.length);
  });

  it('draws another mask at every step and seed, and the same for the same', () => {
    const binary = (values: Float32Array[]) => values.map((mask) => mask.map((value) => (value > 0.5 ? 1 : 0)));
    const [first, second] = binary(masks(1, 2));
    expect(second).not.toEqual(first);
    expect(binary(masks(1, 2))).toEqual([first, second]);
    expect(binary(masks(2, 1))).not.toEqual([first]);
  });
});
