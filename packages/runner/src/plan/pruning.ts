import * as v from 'valibot';

/** Validation metrics that trials can be compared by; less cross-entropy is better, more accuracy is. */
export const PRUNING_METRICS = ['crossEntropy', 'accuracy'] as const;
export type PruningMetric = (typeof PRUNING_METRICS)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What all rules have. */
const pruningFields = {
  /** Validation metric that is compared; never the total loss, for the penalty is another one with each λ. */
  metric: v.optional(v.picklist(PRUNING_METRICS), 'crossEntropy'),
  /**
   * Keys of `config` whose value trials must share to be compared: an arm. Batch Normalization changes how fast a network
   * learns, so with one bar for both arms the slower one is cut down before it can catch up.
   */
  within: v.optional(v.array(v.pipe(v.string(), v.nonEmpty())), ['batchNorm']),
};
/** How trials that fall behind others of their arm are ended early. */
export const PruningSchema = v.variant('rule', [
  /**
   * Ends a trial whose best epoch so far is worse than the median that the finished trials of its arm had at this epoch
   * (Golovin et al. 2017, Google Vizier; Optuna's `MedianPruner`).
   */
  v.strictObject({
    rule: v.literal('median'),
    ...pruningFields,
    /** Finished trials that an arm must have before any is ended. */
    startupTrials: v.optional(count, 5),
    /** Epochs after which a trial is first judged. */
    warmupEpochs: v.optional(count, 1),
    /** Epochs from one judgement to the next. */
    interval: v.optional(count, 1),
  }),
  /**
   * Asynchronous successive halving (Li et al. 2020, arXiv:1810.05934), in its stopping form: at the epochs r, r·η, r·η², …
   * a trial goes on if it is among the best 1/η of its arm that have got there so far. The first few have nobody to be compared
   * with and always go on, as in Syne Tune; Optuna's `SuccessiveHalvingPruner` is `rungTrials: 1`.
   */
  v.strictObject({
    rule: v.literal('asha'),
    ...pruningFields,
    /** r: epochs that every trial gets. */
    minEpochs: v.optional(count, 1),
    /** Trials that must have got to a rung before any is ended at it. */
    rungTrials: v.optional(count, 3),
    /** η. */
    reductionFactor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 3),
  }),
]);
export type PruningRule = v.InferOutput<typeof PruningSchema>;
