import { lossLowering } from '../loss/index.ts';
import type { LossConfig } from '../loss/loss.ts';
import type { GraphNode } from '../native/attributes.ts';
import { FLOAT } from '../native/attributes.ts';
import { GraphBuilder, type Ref } from '../native/graph-builder.ts';
import { pack, unary } from '../native/math.ts';
import { OPTIMIZER_LOWERINGS } from '../optimizer/index.ts';
import type { GraphOptimizerConfig } from '../optimizer/optimizer.ts';
import type { ModelPlan } from '../plan/model-plan.ts';
import { stripSoftmax } from '../plan/strip-softmax.ts';
import { checkOptions } from './check-options.ts';
import { lowerPlan } from './lower-plan.ts';
import { buildNorms, normRows } from './norms.ts';
import { buildPenalty } from './penalty.ts';
import type { Storage } from './storage.ts';
import { buildUpdates, slotName, trainedStorages, unpackScalars } from './updates.ts';
import { WeightStore } from './weight-store.ts';

/** What is fed. */
export const INPUTS = { images: 'input', targets: 'targets', scalars: 'scalars', random: 'random' } as const;

/** What is fetched. */
export const FETCHES = {
  /** [loss, penalty, correct] of a training step; pulls the updates in. */
  step: 'step/metrics',
  /** ½‖w‖², ½‖g‖², ⟨w, g⟩ of the same step. */
  norms: 'step/norms',
  /** [loss, penalty, correct] in inference mode. */
  evaluation: 'evaluate/metrics',
  /** What the model predicts, its last softmax included. */
  prediction: 'predict/output',
} as const;

export interface GraphOptions {
  loss: LossConfig;
  optimizer: GraphOptimizerConfig;
}

/** A graph and what its user has to know to run it. */
export interface TrainingGraphNodes {
  nodes: readonly GraphNode[];
  storages: readonly Storage[];
  /** Names of the optimizer's variables by trained storage. */
  slots: readonly { storage: Storage; slot: string; name: string }[];
  /** Entries of the vector of scalars. */
  scalars: readonly string[];
  /** Weights in the order of the rows of `FETCHES.norms`. */
  normRows: readonly number[];
  usesRandom: boolean;
}

/**
 * Writes forward pass, backward pass, penalty, update and evaluation of a plan as one TensorFlow graph.
 *
 * @throws InputError if loss and optimizer cannot go with the model.
 */
export function buildTrainingGraph(
  fullPlan: ModelPlan,
  { loss: lossConfig, optimizer: config }: GraphOptions,
): TrainingGraphNodes {
  const loss = lossLowering(lossConfig);
  const plan = lossConfig.name === 'meanSquaredError' ? fullPlan : stripSoftmax(fullPlan);
  const optimizer = OPTIMIZER_LOWERINGS[config.name];
  checkOptions(plan, { loss: lossConfig, optimizer: config }, optimizer);
  const graph = new GraphBuilder();
  const outputShape = plan.tensors[plan.output] ?? [];

  const input = graph.placeholder(INPUTS.images, 'float32', plan.tensors[0] ?? []);
  const targets = graph.placeholder(INPUTS.targets, loss.targets.type, loss.targets.shape(outputShape));
  const random = graph.placeholder(INPUTS.random, 'int32', [2]);
  const clips = config.clipNorm !== undefined;
  const scalars = ['learningRate', ...optimizer.scalars, ...(clips ? ['clipNorm'] : [])];
  const scalar = unpackScalars(graph, graph.placeholder(INPUTS.scalars, 'float32', [scalars.length]), scalars);
  const learningRate = scalar('learningRate');
  const store = new WeightStore(graph, plan);
  const penalty = graph.scope('penalty', () => buildPenalty(graph, plan, store, learningRate));

  const lowerCall = { graph, plan, store, input, random };
  const metrics = (output: Ref) => {
    const lowered = loss.lower({ graph, output, outputShape, targets });
    return { lowered, values: [lowered.value, penalty.value, lowered.correct] };
  };

  graph.scope('train', () => {
    const forward = lowerPlan({ ...lowerCall, training: true });
    const { lowered, values } = metrics(forward.output);
    const backward = forward.backward(lowered.gradient);
    const clipNorm = clips ? scalar('clipNorm') : undefined;
    const call = { graph, store, penalty, optimizer, backward, learningRate, scalar, clipNorm };
    const updates = graph.scope('update', () => buildUpdates(call));
    pack(graph, values, { name: FETCHES.step, after: updates.nodes });
    const norms = graph.scope('norms', () =>
      buildNorms({ graph, store, penalty, dataGradients: updates.dataGradients }),
    );
    graph.add('Identity', [norms], FLOAT, { name: FETCHES.norms });
  });

  graph.scope('evaluate', () => {
    const { output } = lowerPlan({ ...lowerCall, training: false });
    pack(graph, metrics(output).values, { name: FETCHES.evaluation });
    const prediction = plan === fullPlan ? output : unary(graph, 'Softmax', output);
    graph.add('Identity', [prediction], FLOAT, { name: FETCHES.prediction });
  });

  return {
    nodes: graph.nodes,
    storages: store.storages,
    slots: trainedStorages(store.storages).flatMap((storage) =>
      optimizer.slots.map((slot) => ({ storage, slot, name: slotName(storage, slot) })),
    ),
    scalars,
    normRows: normRows(store.storages),
    usesRandom: plan.ops.some(({ kind }) => kind === 'dropout'),
  };
}
