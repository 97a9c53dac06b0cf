import type { EngineName } from '../sweep/trial-config.ts';
import type { Tfjs } from '../tensorflow.ts';
import type { OptimizerConfig, TrainStep } from './train-step.ts';

export interface TrainStepOptions {
  optimizer: OptimizerConfig;
  /** Seed of the dropout masks; the layers engine takes those of the layers instead. @defaultValue 0 */
  seed?: number;
}

type CreateTrainStep = (model: Tfjs.LayersModel, options: TrainStepOptions) => TrainStep;

/** Each engine is loaded when it is first asked for. */
const LOADERS: Record<EngineName, () => Promise<CreateTrainStep>> = {
  layers: async () => (await import('./layers-train-step.ts')).createLayersTrainStep,
  graph: async () => (await import('./graph-train-step.ts')).createGraphTrainStep,
};

/**
 * Makes what trains `model` from its present weights.
 * @throws InputError if the engine cannot train this model.
 */
export async function createTrainStep(
  engine: EngineName,
  model: Tfjs.LayersModel,
  options: TrainStepOptions,
): Promise<TrainStep> {
  const create = await LOADERS[engine]();
  return create(model, options);
}
