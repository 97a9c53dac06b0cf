import { mobileNetV2 } from '../models/mobilenet-v2.ts';
import { smallConvNet } from '../models/small-conv-net.ts';
import { type EngineName, OPTIMIZERS } from '../sweep/trial-config.ts';
import type { Tfjs } from '../tensorflow.ts';
import { createTrainStep } from './engines.ts';
import type { OptimizerConfig } from './train-step.ts';

const SIZE = 32;
const CLASSES = 2;
/** One image of each class. */
const LABELS = Int32Array.from({ length: CLASSES }, (_, i) => i);

/**
 * Runs every kind of native op that training uses once, in this thread; call it on the main thread before any worker
 * loads TensorFlow. tfjs-node's binding keeps the names of op attributes in a set that all threads share and none locks:
 * two that insert at a time can bring the process down, whereas a name that is there is only read.
 */
export async function warmUp(): Promise<void> {
  const shape = { inputShape: [SIZE, SIZE, 3], classes: CLASSES, l2: 1e-3 } as const;
  await tryOut('layers', mobileNetV2({ ...shape, alpha: 0.1 }), { name: 'sgd', momentum: 0 });
  for (const name of OPTIMIZERS) await tryOut('layers', smallConvNet(shape), { name, momentum: 0.9 });
  // Its ops run inside TensorFlow's own sessions, not one by one through the binding; one graph loads what it needs.
  await tryOut('graph', smallConvNet(shape), { name: 'sgd', momentum: 0 });
}

async function tryOut(engine: EngineName, model: Tfjs.LayersModel, optimizer: OptimizerConfig) {
  const step = await createTrainStep(engine, model, { optimizer });
  const batch = {
    images: new Float32Array(LABELS.length * SIZE * SIZE * 3).fill(0.5),
    labels: LABELS,
    count: LABELS.length,
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
