import { FLOAT, int, type } from '../native/attributes.ts';
import { type GraphBuilder, output as outputOf, type Ref } from '../native/graph-builder.ts';
import { add, cast, divide, multiply, reduce } from '../native/math.ts';
import type { LossCall, LossLowering, LoweredLoss } from './loss.ts';

const INDEX = type('int32');

const argMax = (graph: GraphBuilder, x: Ref): Ref =>
  graph.add('ArgMax', [x, graph.intConstant(-1)], { ...FLOAT, Tidx: INDEX, output_type: INDEX });

const countEqual = (graph: GraphBuilder, a: Ref, b: Ref): Ref =>
  reduce(graph, 'Sum', cast(graph, graph.add('Equal', [a, b], { T: INDEX }), 'bool'), { axes: [0] });

/** Mean of the losses of a batch, and the gradient of that mean. */
function average(graph: GraphBuilder, losses: Ref, gradients: Ref, correct: Ref): LoweredLoss {
  const count = cast(graph, graph.add('Size', [losses], { ...FLOAT, out_type: INDEX }), 'int32');
  return {
    value: divide(graph, reduce(graph, 'Sum', losses, { axes: [0] }), count),
    gradient: divide(graph, gradients, count),
    correct,
  };
}

/** y·(1 − s) + s / classes, as `label_smoothing` of Keras. */
const smooth = (graph: GraphBuilder, labels: Ref, smoothing: number, classes: number): Ref =>
  smoothing === 0
    ? labels
    : add(graph, multiply(graph, labels, graph.constant(1 - smoothing)), graph.constant(smoothing / classes));

const fromDistribution = (graph: GraphBuilder, logits: Ref, distribution: Ref, correct: Ref): LoweredLoss => {
  const losses = graph.add('SoftmaxCrossEntropyWithLogits', [logits, distribution], FLOAT);
  return average(graph, losses, outputOf(losses, 1), correct);
};

/** Targets are class indices. */
export const sparseSoftmaxCrossEntropy = (smoothing: number): LossLowering => ({
  targets: { type: 'int32', shape: () => [null] },
  lower({ graph, output, outputShape, targets }: LossCall) {
    const correct = countEqual(graph, argMax(graph, output), targets);
    if (smoothing === 0) {
      const losses = graph.add('SparseSoftmaxCrossEntropyWithLogits', [output, targets], { ...FLOAT, Tlabels: INDEX });
      return average(graph, losses, outputOf(losses, 1), correct);
    }
    const classes = outputShape.at(-1) ?? 0;
    const oneHot = graph.add(
      'OneHot',
      [
        targets,
        graph.intConstant(classes),
        graph.constant(1 - smoothing + smoothing / classes),
        graph.constant(smoothing / classes),
      ],
      { ...FLOAT, TI: INDEX, axis: int(-1) },
    );
    return fromDistribution(graph, output, oneHot, correct);
  },
});

/** Targets are distributions over the classes. */
export const softmaxCrossEntropy = (smoothing: number): LossLowering => ({
  targets: { type: 'float32', shape: (outputShape) => outputShape },
  lower({ graph, output, outputShape, targets }: LossCall) {
    const correct = countEqual(graph, argMax(graph, output), argMax(graph, targets));
    return fromDistribution(graph, output, smooth(graph, targets, smoothing, outputShape.at(-1) ?? 0), correct);
  },
});
