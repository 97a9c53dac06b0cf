/** Models, data, callbacks and training of l2bn. Needs tfjs-node; see `@l2bn/core/theory` and `/sweep` for what does not. */
export { CsvLogger, type CsvLoggerOptions } from './callbacks/csv-logger.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './callbacks/early-stopping.ts';
export { NanStop } from './callbacks/nan-stop.ts';
export { PrintWeights, type PrintWeightsOptions } from './callbacks/print-weights.ts';
export * from './data/index.ts';
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
export { type MobileNetV2Options, mobileNetV2 } from './models/mobilenet-v2.ts';
export type { ModelOptions } from './models/model-options.ts';
export { checkModelReference, MODEL_NAMES } from './models/model-reference.ts';
export { type BuildModelOptions, buildModel, type UserModelOptions } from './models/registry.ts';
export { smallConvNet } from './models/small-conv-net.ts';
export { type AuditRow, auditRegularizers, penalty, regularizerProblems } from './regularization/audit.ts';
export { DROPPED, STOPPED } from './sweep/stop-flag.ts';
export { tensorflowVersion, tf } from './tensorflow.ts';
export type { BatchSource } from './training/batch-source.ts';
export { type BegunEpoch, type Checkpoint, readCheckpoint, writeCheckpoint } from './training/checkpoint-file.ts';
export { createTrainStep, type TrainStepOptions } from './training/engines.ts';
export { createGraphTrainStep, type GraphTrainStep } from './training/graph-train-step.ts';
export { type InitialSignal, initialSignal } from './training/initial-signal.ts';
export { createLayersTrainStep } from './training/layers-train-step.ts';
export { constantLearningRate, type LearningRateSchedule } from './training/learning-rate.ts';
export type { PatienceState } from './training/patience.ts';
export { type RunTrialOptions, runTrial } from './training/run-trial.ts';
export * from './training/train-step.ts';
export { type TrainerOptions, type TrialResult, trainTrial } from './training/trainer.ts';
export type { CallbackState, TrainingCallback, TrainingLogs } from './training/training-callbacks.ts';
export { warmUp } from './training/warm-up.ts';
export { weightsHash, weightsLine } from './training/weights.ts';
