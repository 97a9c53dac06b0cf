import { InputError } from '../../input-error.ts';
import { type Tfjs, tf } from '../../tensorflow.ts';
import { LAYER_TRANSLATIONS, SUPPORTED_LAYERS } from '../layers/index.ts';
import { LayerCall } from '../layers/layer-call.ts';
import type { Shape } from '../native/attributes.ts';
import { foldPadding } from './fold-padding.ts';
import type { ModelPlan, TensorIndex } from './model-plan.ts';
import { type PenaltyCoefficients, PlanBuilder } from './plan-builder.ts';

type Symbolic = Tfjs.SymbolicTensor;

export interface ReadModel {
  plan: ModelPlan;
  /** Coefficients of the penalty by weight, in the order of `LayersModel.weights`. */
  coefficients: PenaltyCoefficients[];
}

/**
 * Reads a built model, functional or sequential, nested or with shared layers, of one input and one output.
 *
 * @throws InputError naming the layer, its class and what could stand there, if something cannot be compiled.
 */
export function readModel(model: Tfjs.LayersModel, movingVariance: 'biased' | 'bessel' = 'biased'): ReadModel {
  const [input, ...moreInputs] = model.inputs;
  const [output, ...moreOutputs] = model.outputs;
  if (input === undefined || output === undefined || moreInputs.length + moreOutputs.length > 0) {
    throw new InputError({
      path: model.name,
      got: `a model of ${model.inputs.length} inputs and ${model.outputs.length} outputs`,
      want: 'one of each',
    });
  }
  const builder = new PlanBuilder(model, movingVariance);
  const known = new Map<Symbolic, TensorIndex>([[input, builder.tensor(shapeOf(input))]]);
  const plan = builder.finish(visit(output, known, builder));
  return { plan: foldPadding(plan), coefficients: builder.coefficients };
}

/** Index of a tensor; adds what computes it, inputs first, each once. */
function visit(tensor: Symbolic, known: Map<Symbolic, TensorIndex>, builder: PlanBuilder): TensorIndex {
  const found = known.get(tensor);
  if (found !== undefined) return found;
  const layer = tensor.sourceLayer;
  const node = layer.inboundNodes[tensor.nodeIndex];
  if (node === undefined)
    throw new InputError({ path: layer.name, got: 'no call of the layer', want: 'a built model' });
  const inputs = node.inputTensors.map((input) => visit(input, known, builder));
  const index =
    layer instanceof tf.LayersModel
      ? inline(layer, inputs, tensor.tensorIndex, builder)
      : translate(layer, inputs, tensor, builder);
  known.set(tensor, index);
  return index;
}

/** A model used as a layer: its own operations, on the given inputs. */
function inline(
  model: Tfjs.LayersModel,
  inputs: readonly TensorIndex[],
  outputIndex: number,
  builder: PlanBuilder,
): TensorIndex {
  const known = new Map(model.inputs.map((input, index) => [input, inputs[index] ?? 0]));
  return visit(model.outputs[outputIndex] as Symbolic, known, builder);
}

function translate(
  layer: Tfjs.layers.Layer,
  inputs: readonly TensorIndex[],
  tensor: Symbolic,
  builder: PlanBuilder,
): TensorIndex {
  const className = layer.getClassName();
  const translation = Object.hasOwn(LAYER_TRANSLATIONS, className) ? LAYER_TRANSLATIONS[className] : undefined;
  if (translation === undefined) {
    throw new InputError({
      path: `layer ${layer.name}`,
      got: `class ${className}, which the graph engine cannot compile`,
      want: `one of ${SUPPORTED_LAYERS.join(', ')} (or engine: layers)`,
    });
  }
  return translation(new LayerCall(builder, layer, inputs, shapeOf(tensor)));
}

/** The batch stays open; every other size must be known. */
function shapeOf(tensor: Symbolic): Shape {
  const sizes = tensor.shape.slice(1);
  if (sizes.some((size) => size == null)) {
    throw new InputError({
      path: `output of layer ${tensor.sourceLayer.name}`,
      got: `shape [${tensor.shape.join(', ')}]`,
      want: 'every size but the batch known',
    });
  }
  return [null, ...sizes];
}
