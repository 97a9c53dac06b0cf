import { describe, InputError, type InputProblem } from '../input-error.ts';

/** What every built-in network takes, and what a user's own model module is called with. */
export interface ModelOptions {
  /** [height, width, channels] of one image. */
  inputShape: readonly [number, number, number];
  /** Number of classes: the width of the logits. */
  classes: number;
  /**
   * Seed of the initial weights. A layer's weights depend on this seed and on the layer's name only, so two networks of
   * one seed start equal in every layer that they share: with and without BatchNorm, at any λ.
   * @defaultValue 0
   */
  seed?: number;
  /** Batch Normalization after every convolution, or none at all. @defaultValue true */
  batchNorm?: boolean;
  /** Momentum of the moving statistics. @defaultValue 0.99, the Keras layer's (`keras.applications` has 0.999) */
  batchNormMomentum?: number;
  /** ε of Batch Normalization. @defaultValue 1e-3, the Keras layer's */
  batchNormEpsilon?: number;
  /**
   * λ (l2): the coefficient c of the penalty c·Σw² over every kernel, depthwise ones included, and over the head's bias.
   * @defaultValue 0, which attaches no regularizer
   */
  l2?: number;
  /** Stride of the first convolution. @defaultValue 2 */
  stemStride?: 1 | 2;
}

/** `ModelOptions` with every default filled in. */
export type FilledModelOptions = Required<ModelOptions>;

const isCount = (value: number) => Number.isInteger(value) && value >= 1;

/**
 * Fills in the defaults and refuses what no network can be built from.
 * @throws InputError that names each wrong option.
 */
export function fillModelOptions(options: ModelOptions): FilledModelOptions {
  const filled: FilledModelOptions = {
    inputShape: options.inputShape,
    classes: options.classes,
    seed: options.seed ?? 0,
    batchNorm: options.batchNorm ?? true,
    batchNormMomentum: options.batchNormMomentum ?? 0.99,
    batchNormEpsilon: options.batchNormEpsilon ?? 1e-3,
    l2: options.l2 ?? 0,
    stemStride: options.stemStride ?? 2,
  };
  const problems: InputProblem[] = [];
  const check = (path: keyof FilledModelOptions, holds: boolean, want: string) => {
    if (!holds) problems.push({ path, got: describe(filled[path]), want });
  };
  const { inputShape, classes, seed, batchNormMomentum, batchNormEpsilon, l2, stemStride } = filled;
  check('inputShape', inputShape.length === 3 && inputShape.every(isCount), '[height, width, channels], each ≥ 1');
  check('classes', isCount(classes), 'a whole number ≥ 1');
  check('seed', Number.isSafeInteger(seed) && seed >= 0, 'a whole number ≥ 0');
  check('batchNormMomentum', batchNormMomentum >= 0 && batchNormMomentum < 1, 'a number in [0, 1)');
  check('batchNormEpsilon', batchNormEpsilon > 0 && Number.isFinite(batchNormEpsilon), 'a number > 0');
  check('l2', l2 >= 0 && Number.isFinite(l2), 'a number ≥ 0');
  check('stemStride', stemStride === 1 || stemStride === 2, '1 or 2');
  if (problems.length > 0) throw new InputError(...problems);
  return filled;
}
