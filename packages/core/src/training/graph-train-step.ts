import { compileTrainingGraph, type TrainingGraph } from '../graph/index.ts';
import type { Tfjs } from '../tensorflow.ts';
import type { Batch, BatchMetrics, OptimizerConfig, StepSettings, TrainStep } from './train-step.ts';

/** The graph engine behind `TrainStep`. */
export interface GraphTrainStep extends TrainStep {
  readonly engine: 'graph';
  /** The compiled graph: norms, penalty coefficients, predictions. */
  readonly graph: TrainingGraph;
  step(batch: Batch, settings: StepSettings): BatchMetrics;
  evaluate(batch: Batch): BatchMetrics;
}

/**
 * Compiles a classifier of supported layers (logits, or a softmax at its end) to one native graph and trains it with
 * sparse softmax cross-entropy and the model's own regularizers. For `sgdw` and `adamw` the l2 coefficients c act as
 * decoupled decay, w ← w − 2ηc·w, instead of through the gradient.
 *
 * @param options.seed Seed of dropout masks. @defaultValue 0
 * @throws InputError naming the layer, its class and what could stand there, if something cannot be compiled.
 */
export function createGraphTrainStep(
  model: Tfjs.LayersModel,
  options: { optimizer: OptimizerConfig; seed?: number },
): GraphTrainStep {
  const graph = compileTrainingGraph(model, options);
  return {
    engine: 'graph',
    model,
    graph,
    step: (batch, settings) => toMetrics(graph.train(toGraphBatch(batch), settings), batch.count),
    evaluate: (batch) => toMetrics(graph.evaluate(toGraphBatch(batch)), batch.count),
    getState: () => graph.getState(),
    setState: (state) => graph.setState(state),
    syncModel: () => graph.syncModel(),
    dispose: () => graph.dispose(),
  };
}

const toGraphBatch = ({ images, labels, count }: Batch) => ({ images, targets: labels, count });

const toMetrics = (metrics: { loss: number; penalty: number; correct: number }, count: number): BatchMetrics => ({
  crossEntropy: metrics.loss,
  penalty: metrics.penalty,
  correct: metrics.correct,
  count,
});
