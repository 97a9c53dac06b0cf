import { mobileNetV2 } from '../models/mobilenet-v2.ts';
import { smallConvNet } from '../models/small-conv-net.ts';
import { OPTIMIZERS } from '../sweep/trial-config.ts';
import type { Tfjs } from '../tensorflow.ts';
import { AVAILABLE_ENGINES, createTrainStep } from './engines.ts';
import type { OptimizerConfig } from './train-step.ts';

const SIZE = 32;
const CLASSES = 2;

/**
 * Runs every kind of native op that training uses once, in this thread; call it on the main thread before any worker
 * loads TensorFlow. tfjs-node's binding keeps the names of op attributes in a set that all threads share and none locks:
 * two that insert at a time can bring the process down, whereas a name that is there is only read.
 */
export async function warmUp(): Promise<void> {
  const shape = { inputShape: [SIZE, SIZE, 3], classes: CLASSES, l2: 1e-3 } as const;
  for (const engine of AVAILABLE_ENGINES) {
    await tryOut(engine, mobileNetV2({ ...shape, alpha: 0.1 }), { name: 'sgd', momentum: 0 });
    for (const name of OPTIMIZERS) await tryOut(engine, smallConvNet(shape), { name, momentum: 0.9 });
  }
}

async function tryOut(engine: (typeof AVAILABLE_ENGINES)[number], model: Tfjs.LayersModel, optimizer: OptimizerConfig) {
  const step = await createTrainStep(engine, model, optimizer);
  const batch = {
    images: new Float32Array(CLASSES * SIZE * SIZE * 3).fill(0.5),
    labels: new Int32Array([0, 1]),
    count: 2,
  };
  try {
    await step.step(batch, { learningRate: 0.01 });
    await step.evaluate(batch);
    step.syncModel();
  } finally {
    step.dispose();
    model.dispose();
  }
}
