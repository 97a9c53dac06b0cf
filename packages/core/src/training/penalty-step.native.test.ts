import { expect, it } from 'vitest';
import { smallConvNet } from '../models/small-conv-net.ts';
import { ENGINES, type EngineName, OPTIMIZERS, type OptimizerName } from '../sweep/trial-config.ts';
import { isPureDecayKnown, pureDecayAfter } from '../theory/penalty-step.ts';
import { createTrainStep } from './engines.ts';

const STEPS = 60;
const LEARNING_RATE = 0.1;
const L2 = 1e-2;

/** Black images: no weight of the first kernel has a data gradient, not even a tiny one, which Adam would make a large one. */
const black = { count: 4, images: new Float32Array(4 * 8 * 8), labels: Int32Array.of(0, 1, 2, 3) };

/** Start and end of the first kernel. */
async function train(engine: EngineName, name: OptimizerName, momentum: number): Promise<[Float32Array, Float32Array]> {
  const model = smallConvNet({ inputShape: [8, 8, 1], classes: 4, batchNorm: false, l2: L2, seed: 1 });
  const kernel = () => model.weights[0]!.read().dataSync<'float32'>().slice();
  const start = kernel();
  const step = await createTrainStep(engine, model, { optimizer: { name, momentum } });
  try {
    for (let i = 0; i < STEPS; i++) await step.step(black, { learningRate: LEARNING_RATE });
    step.syncModel();
    return [start, kernel()];
  } finally {
    step.dispose();
    model.dispose();
  }
}

const CASES = ENGINES.flatMap((engine) =>
  OPTIMIZERS.flatMap((optimizer) => [0, 0.9].map((momentum) => [engine, optimizer, momentum] as const)),
);

it.each(CASES)(
  'knows what the penalty alone makes of a weight: %s, %s, momentum %d',
  async (engine, optimizer, momentum) => {
    const settings = { optimizer, momentum, learningRate: LEARNING_RATE, l2: L2 };
    const [start, end] = await train(engine, optimizer, momentum);
    // The curve of plain SGD, also where it is not to hold: it has to be wrong there.
    const factor = pureDecayAfter({ ...settings, optimizer: 'sgd' }, STEPS)!;
    const worst = end.reduce((most, w, i) => Math.max(most, Math.abs(w / start[i]! / factor - 1)), 0);
    if (isPureDecayKnown(settings)) expect(worst).toBeLessThan(STEPS * 2 ** -24);
    else expect(worst).toBeGreaterThan(0.05);
  },
);
