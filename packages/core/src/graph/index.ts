export type { GraphBatch } from './batch-tensors.ts';
export { clearGraphCache } from './graph-cache.ts';
export { SUPPORTED_LAYERS } from './layers/index.ts';
export type { LossConfig } from './loss/loss.ts';
export type { GraphMetrics, WeightNorms } from './metrics.ts';
export type { GraphOptimizerConfig } from './optimizer/optimizer.ts';
export type { PenaltyCoefficients } from './plan/plan-builder.ts';
export {
  compileTrainingGraph,
  TrainingGraph,
  type TrainingGraphOptions,
  type TrainingState,
} from './training-graph.ts';
