import * as v from 'valibot';

/**
 * The resolved configuration of one trial: every key has a value. Keys are flat, so that any of them can be an axis and
 * can be typed on a command line. What the sweep file leaves out takes the default written here.
 */

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const nonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const unitInterval = v.pipe(v.number(), v.minValue(0), v.ltValue(1));

export const DATA_SOURCES = ['digits', 'folder', 'cifar10', 'idx', 'synthetic'] as const;

export const DataConfigSchema = v.strictObject({
  /** Where the images come from. `digits` is embedded in `@l2bn/core`; `folder`, `cifar10` and `idx` need `path`. */
  source: v.optional(v.picklist(DATA_SOURCES), 'digits'),
  /** Folder (or file prefix) of the data, relative to the sweep file. */
  path: v.optional(v.string()),
  /** Side in pixels that every image is resized to (bilinear). */
  imageSize: v.optional(v.pipe(count, v.minValue(8)), 32),
  /** Grey images are repeated to 3 channels; colour images become 1 by their luma (Rec. 601). */
  channels: v.optional(v.picklist([1, 3]), 3),
  /** Share of the images held out for validation, or `test`: the data set's own test part. */
  validation: v.optional(v.union([v.pipe(v.number(), v.gtValue(0), v.ltValue(1)), v.literal('test')])),
  /** Pixel range fed to the network: `signed` −1…1 (MobileNet's), `unit` 0…1. */
  normalization: v.optional(v.picklist(['signed', 'unit']), 'signed'),
  /** Upper bound on the training images (the first ones after the split); all when left out. */
  limit: v.optional(count),
  /** Seed of the train/validation split: the same for all trials of a sweep, unless it is an axis. */
  splitSeed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** Only for `synthetic`: number of classes. */
  classes: v.optional(v.pipe(count, v.minValue(2))),
  /** Only for `synthetic`: number of images in all. */
  images: v.optional(count),
});

export const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'sgdw'] as const;
/** Whether an optimizer looks at `momentum`. */
export const usesMomentum = (optimizer: (typeof OPTIMIZERS)[number]): boolean =>
  optimizer === 'momentum' || optimizer === 'nesterov' || optimizer === 'sgdw';
export const ENGINES = ['graph', 'layers'] as const;

export const TrialConfigSchema = v.strictObject({
  /** A registered model (`mobileNetV2`, `smallConvNet`), or the path of a module that exports one. */
  model: v.optional(v.pipe(v.string(), v.nonEmpty()), 'mobileNetV2'),
  /** Width multiplier of MobileNetV2. */
  alpha: v.optional(positive, 1),
  /** Batch Normalization after every convolution, or none at all. */
  batchNorm: v.optional(v.boolean(), true),
  /** Momentum of the moving statistics (Keras' layer default). */
  batchNormMomentum: v.optional(unitInterval, 0.99),
  /** ε of Batch Normalization (Keras' layer default). */
  batchNormEpsilon: v.optional(positive, 1e-3),
  /** λ (l2): the Keras coefficient c; the penalty is c·Σw² over every kernel and the head's bias. */
  l2: v.optional(nonNegative, 0),
  /** Stride of the first convolution: 2 as in the paper and the article, 1 for small images. */
  stemStride: v.optional(v.picklist([1, 2]), 2),
  optimizer: v.optional(v.picklist(OPTIMIZERS), 'sgd'),
  learningRate: v.optional(positive, 0.1),
  /** Momentum coefficient of `momentum`, `nesterov` and `sgdw`. */
  momentum: v.optional(unitInterval, 0.9),
  epochs: v.optional(count, 10),
  batchSize: v.optional(count, 32),
  /**
   * Epochs without a lower validation cross-entropy after which training ends (as `EarlyStopping` of Keras, but without the
   * penalty, which falls as the weights do and would pass for progress); to the last epoch when left out.
   */
  patience: v.optional(count),
  /** What computes the training step; see `TrainStep`. */
  engine: v.optional(v.picklist(ENGINES), 'graph'),
  data: v.optional(DataConfigSchema, {}),
});

export type DataConfig = v.InferOutput<typeof DataConfigSchema>;
/** What a user may leave out. */
export type DataConfigInput = v.InferInput<typeof DataConfigSchema>;
export type TrialConfig = v.InferOutput<typeof TrialConfigSchema>;
/** What a user may leave out. */
export type TrialConfigInput = v.InferInput<typeof TrialConfigSchema>;
export type EngineName = (typeof ENGINES)[number];
export type OptimizerName = (typeof OPTIMIZERS)[number];
