/** Models, data, callbacks and training of l2bn. Needs tfjs-node; see `@l2bn/core/theory` and `/sweep` for what does not. */
export * from './data/dataset.ts';
export {
  clearGraphCache,
  compileTrainingGraph,
  type GraphBatch,
  type GraphMetrics,
  type GraphOptimizerConfig,
  type LossConfig,
  type PenaltyCoefficients,
  SUPPORTED_LAYERS,
  TrainingGraph,
  type TrainingGraphOptions,
  type TrainingState,
  type WeightNorms,
} from './graph/index.ts';
export * from './input-error.ts';
export { type MobileNetV2Options, mobileNetV2 } from './models/mobilenet-v2.ts';
export type { ModelOptions } from './models/model-options.ts';
export { type BuildModelOptions, buildModel, MODEL_NAMES, type UserModelOptions } from './models/registry.ts';
export { smallConvNet } from './models/small-conv-net.ts';
export { type AuditRow, auditRegularizers, penalty, regularizerProblems } from './regularization/audit.ts';
export { createGraphTrainStep, type GraphTrainStep } from './training/graph-train-step.ts';
export * from './training/train-step.ts';
