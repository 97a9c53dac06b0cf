import { describe, InputError } from '../input-error.ts';
import { regularizerProblems } from '../regularization/audit.ts';
import type { TrialConfig } from '../sweep/trial-config.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { mobileNetV2 } from './mobilenet-v2.ts';
import type { FilledModelOptions } from './model-options.ts';
import { checkModelReference, isBuiltIn, type MODEL_NAMES } from './model-reference.ts';
import { smallConvNet } from './small-conv-net.ts';
import { loadUserModel } from './user-model.ts';

/** What a user's model module is called with: everything a built-in network gets, and the whole configuration. */
export interface UserModelOptions extends FilledModelOptions {
  alpha: number;
  config: TrialConfig;
  /** The TensorFlow.js to build with: a second copy of the library cannot share tensors with l2bn's. */
  tf: typeof tf;
}

export interface BuildModelOptions {
  /** [height, width, channels] of one image. */
  inputShape: readonly [number, number, number];
  classes: number;
  /** Seed of the trial; the initial weights follow from it. */
  seed: number;
  /** Folder that a relative module path starts from. @defaultValue the working directory */
  folder?: string;
}

type Builder = (options: UserModelOptions) => Tfjs.LayersModel;

const BUILT_IN: Record<(typeof MODEL_NAMES)[number], Builder> = { mobileNetV2, smallConvNet };

/**
 * Builds the network of a trial, with the initial weights of its seed.
 *
 * `config.model` is one of `MODEL_NAMES`, or the path of an ES module that exports `buildModel(options)`, by that name or
 * as its default, and returns (a promise of) a `tf.LayersModel` from [batch, ...inputShape] to logits [batch, classes].
 *
 * @throws InputError if the name is unknown, the module cannot be used, its model has other shapes, or `config.l2` is set
 * and reaches no variable.
 */
export async function buildModel(config: TrialConfig, options: BuildModelOptions): Promise<Tfjs.LayersModel> {
  checkModelReference(config.model, options.folder ?? process.cwd());
  const { alpha, batchNorm, batchNormMomentum, batchNormEpsilon, l2, stemStride } = config;
  const { inputShape, classes, seed } = options;
  const filled = { inputShape, classes, seed, batchNorm, batchNormMomentum, batchNormEpsilon, l2, stemStride };
  const all: UserModelOptions = { ...filled, alpha, config, tf };
  if (isBuiltIn(config.model)) return BUILT_IN[config.model](all);

  const builder = await loadUserModel(config.model, options.folder ?? process.cwd());
  const model: unknown = await builder(all);
  try {
    check(model, config, options);
    return model;
  } catch (error) {
    if (model instanceof tf.LayersModel) model.dispose();
    throw error;
  }
}

function check(model: unknown, config: TrialConfig, options: BuildModelOptions): asserts model is Tfjs.LayersModel {
  const refuse = (got: string, want: string): never => {
    throw new InputError({ path: 'model', got: `${config.model}: ${got}`, want });
  };
  if (!(model instanceof tf.LayersModel)) {
    return refuse(
      model === null || typeof model !== 'object' ? describe(model) : withArticle(model.constructor.name),
      'a tf.LayersModel, made with the tf that buildModel is given',
    );
  }
  const { inputShape, classes } = options;
  const [input, ...moreInputs] = model.inputs;
  const [output, ...moreOutputs] = model.outputs;
  if (moreInputs.length > 0 || moreOutputs.length > 0) {
    refuse(`${model.inputs.length} inputs and ${model.outputs.length} outputs`, 'one of each');
  }
  if (!accepts(input?.shape, inputShape)) {
    refuse(`input shape [${input?.shape.join(', ')}]`, `[null, ${inputShape.join(', ')}]`);
  }
  if (!accepts(output?.shape, [classes])) {
    refuse(`output shape [${output?.shape.join(', ')}]`, `[null, ${classes}], the logits`);
  }
  const problems = regularizerProblems(model, config.l2);
  if (problems.length > 0) throw new InputError(...problems);
}

const withArticle = (name: string): string => `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;

// No open dimensions: batches are flat arrays, and the graph engine compiles for one size.
const accepts = (shape: readonly (number | null)[] | undefined, want: readonly number[]): boolean =>
  shape !== undefined && shape.length === want.length + 1 && want.every((size, i) => shape[i + 1] === size);
