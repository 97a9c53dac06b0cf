import { afterAll, describe, expect, it } from 'vitest';
import { smallConvNet } from '../../models/small-conv-net.ts';
import { OPTIMIZERS, type OptimizerName } from '../../sweep/trial-config.ts';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { createGraphTrainStep } from '../../training/graph-train-step.ts';
import { createLayersTrainStep } from '../../training/layers-train-step.ts';
import { minus, norm, numbers, readWeights } from '../fixtures/compare-with-layers.ts';
import { clearGraphCache } from '../graph-cache.ts';
import { compileTrainingGraph } from '../training-graph.ts';

const STEPS = 20;
const MOMENTUM = 0.8;
/** A schedule, for formulas that agree at a constant rate part when it changes. */
const rateAt = (step: number) => 0.05 / (1 + 0.2 * step);

interface Reference {
  weight: number[];
  slots: Record<string, number[]>;
}

/** One update in double precision, as the Keras class of that name documents it. */
function update(
  name: OptimizerName,
  { weight, slots }: Reference,
  gradient: number[],
  rate: number,
  step: number,
  l2: number,
) {
  const decoupled = name === 'sgdw' || name === 'adamw';
  const at = (slot: string, i: number) => slots[slot]?.[i] ?? 0;
  const next: Reference = { weight: [], slots: { velocity: [], m: [], v: [] } };
  weight.forEach((old, i) => {
    const g = (gradient[i] ?? 0) + (decoupled ? 0 : 2 * l2 * old);
    const w = decoupled ? old * (1 - 2 * rate * l2) : old;
    if (name === 'adam' || name === 'adamw') {
      const m = 0.9 * at('m', i) + 0.1 * g;
      const v = 0.999 * at('v', i) + 0.001 * g * g;
      const alpha = (rate * Math.sqrt(1 - 0.999 ** (step + 1))) / (1 - 0.9 ** (step + 1));
      next.weight.push(w - (alpha * m) / (Math.sqrt(v) + 1e-7));
      next.slots.m?.push(m);
      next.slots.v?.push(v);
      return;
    }
    const velocity = (name === 'sgd' ? 0 : MOMENTUM) * at('velocity', i) - rate * g;
    next.weight.push(w + (name === 'nesterov' ? MOMENTUM * velocity - rate * g : velocity));
    next.slots.velocity?.push(velocity);
  });
  return next;
}

const COUNT = 4;
const INPUTS = 3;
const UNITS = 2;
const x = numbers(COUNT * INPUTS, 5);
const targets = numbers(COUNT * UNITS, 6);

/** ∂/∂W of mean (xW − t)². */
function gradientOf(weight: number[]): number[] {
  const gradient = Array<number>(INPUTS * UNITS).fill(0);
  for (let row = 0; row < COUNT; row++) {
    for (let unit = 0; unit < UNITS; unit++) {
      let output = 0;
      for (let i = 0; i < INPUTS; i++) output += (x[row * INPUTS + i] ?? 0) * (weight[i * UNITS + unit] ?? 0);
      const error = (2 * (output - (targets[row * UNITS + unit] ?? 0))) / (COUNT * UNITS);
      for (let i = 0; i < INPUTS; i++)
        gradient[i * UNITS + unit] = (gradient[i * UNITS + unit] ?? 0) + error * (x[row * INPUTS + i] ?? 0);
    }
  }
  return gradient;
}

function linear(l2: number): Tfjs.LayersModel {
  const kernelRegularizer = tf.regularizers.l2({ l2 });
  const layer = tf.layers.dense({
    inputShape: [INPUTS],
    units: UNITS,
    useBias: false,
    ...(l2 > 0 ? { kernelRegularizer } : {}),
  });
  const model = tf.sequential({ layers: [layer] });
  model.setWeights([tf.tensor(numbers(INPUTS * UNITS, 9), [INPUTS, UNITS])]);
  return model;
}

const cases = OPTIMIZERS.flatMap((name) => [0, 0.03].map((l2) => ({ name, l2 })));

describe('optimizers', () => {
  afterAll(clearGraphCache);

  it.each(cases)('$name follows its Keras namesake in double precision, l2 $l2', ({ name, l2 }) => {
    const model = linear(l2);
    const graph = compileTrainingGraph(model, {
      optimizer: { name, momentum: MOMENTUM },
      loss: { name: 'meanSquaredError' },
    });
    let reference: Reference = { weight: [...(readWeights(model)[0] as Float32Array)], slots: {} };
    for (let step = 0; step < STEPS; step++) {
      reference = update(name, reference, gradientOf(reference.weight), rateAt(step), step, l2);
      graph.train({ images: x, targets, count: COUNT }, { learningRate: rateAt(step) });
    }
    // Twenty updates of a few roundings each, on a problem that contracts errors. Adam's quotient of small numbers
    // carries a few more.
    const error = norm(minus(graph.getWeights()[0] as Float32Array, Float32Array.from(reference.weight)));
    expect(error).toBeLessThanOrEqual(
      (name.startsWith('adam') ? 1e-5 : 1e-6) * norm(Float32Array.from(reference.weight)),
    );
    graph.dispose();
  });

  const networks = OPTIMIZERS.flatMap((name) => [
    { name, l2: 0, batchNorm: false },
    { name, l2: 0.03, batchNorm: false },
    { name, l2: 0.03, batchNorm: true },
  ]);

  it.each(networks)('agrees with the layers engine over 20 steps of a small network: %o', async (network) => {
    const { name, ...options } = network;
    const build = () => smallConvNet({ inputShape: [8, 8, 1], classes: 4, seed: 3, ...options });
    const optimizer = { name, momentum: MOMENTUM };
    const graph = createGraphTrainStep(build(), { optimizer });
    const layers = createLayersTrainStep(build(), { optimizer });
    const adaptive = name.startsWith('adam');
    // Adam divides by the root of a mean square: where a gradient is nearly 0 its rounding decides the direction. Batch
    // Normalization divides by the deviation over a small batch, and blows up what rounding left of it.
    const tolerance = adaptive || options.batchNorm ? 1e-3 : 1e-5;
    for (let step = 0; step < STEPS; step++) {
      const batch = { images: numbers(6 * 64, step + 2), labels: Int32Array.of(0, 1, 2, 3, 1, 2), count: 6 };
      const settings = { learningRate: rateAt(step) * (adaptive ? 0.02 : 1) };
      const ours = graph.step(batch, settings);
      const theirs = await layers.step(batch, settings);
      expect(Math.abs(ours.crossEntropy - theirs.crossEntropy)).toBeLessThan(10 * tolerance);
      expect(Math.abs(ours.penalty - theirs.penalty)).toBeLessThan(10 * tolerance);
    }
    graph.syncModel();
    const theirs = readWeights(layers.model);
    readWeights(graph.model).forEach((weight, index) => {
      const other = theirs[index] as Float32Array;
      expect(norm(minus(weight, other))).toBeLessThanOrEqual(tolerance * (norm(other) + 0.01));
    });
    graph.dispose();
    layers.dispose();
  });

  it.each(['sgd', 'momentum', 'adam'] as const)('%s clips the common norm of all gradients', (name) => {
    const l2 = 0.03;
    const clipNorm = 0.1;
    const model = linear(l2);
    const start = [...(readWeights(model)[0] as Float32Array)];
    const graph = compileTrainingGraph(model, {
      optimizer: { name, momentum: MOMENTUM, clipNorm },
      loss: { name: 'meanSquaredError' },
    });
    graph.train({ images: x, targets, count: COUNT }, { learningRate: 0.1 });
    const whole = gradientOf(start).map((g, i) => g + 2 * l2 * (start[i] ?? 0));
    const size = Math.hypot(...whole);
    expect(size).toBeGreaterThan(clipNorm);
    const clipped = whole.map((g) => (g * clipNorm) / size);
    const reference = update(name, { weight: start, slots: {} }, clipped, 0.1, 0, 0);
    expect(norm(minus(graph.getWeights()[0] as Float32Array, Float32Array.from(reference.weight)))).toBeLessThan(1e-6);
    graph.dispose();
  });
});
