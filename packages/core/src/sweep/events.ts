import * as v from 'valibot';

/**
 * What happens in a sweep, as a sequence of events. Workers make them, the coordinator writes them to the ledger, and
 * one reducer (`reducer.ts`) turns them into the state that terminal, page and report show. An event is never changed.
 *
 * `null` stands for a number that is not finite (JSON has no NaN).
 */

const number = v.number();
const finiteOrNull = v.nullable(v.number());
const text = v.string();

/** Cross-entropy and penalty are always apart; their sum is the total loss. */
export const MetricsSchema = v.object({
  /** Mean softmax cross-entropy over the images, in nats. */
  crossEntropy: finiteOrNull,
  /** Σ c·w² over the regularized variables, at the weights these metrics were taken with. */
  penalty: finiteOrNull,
  /** Share of images whose largest logit is the label's, 0…1. */
  accuracy: finiteOrNull,
});

export const WeightsLineSchema = v.object({
  /** Layer name, such as `Conv1`. */
  layer: text,
  /** The first ten kernel values in row-major order (fewer if the kernel is smaller). */
  values: v.array(finiteOrNull),
  /** ‖w‖₂ of the whole kernel. */
  norm: finiteOrNull,
});

export const ValidationSetSchema = v.object({
  /** Number of validation images. */
  images: number,
  /** How many of them are of the commonest class. */
  largestClass: number,
});

const trialFields = {
  /** `PlannedTrial.id`. */
  trial: text,
  /** 1-based number of the try; an event of an older attempt than the current one is dropped. */
  attempt: number,
};

const event = <const T extends string, const E extends v.ObjectEntries>(type: T, entries: E) =>
  v.object({ type: v.literal(type), ...trialFields, ...entries });

export const LeasedSchema = event('leased', { worker: number });
export const StartedSchema = event('started', {
  worker: number,
  /** Optimizer steps of the whole trial and of one epoch. */
  totalSteps: number,
  stepsPerEpoch: number,
  epochs: number,
  /** Number of classes of the data. */
  classes: number,
  /** What accuracies are measured on; ledgers of older versions do not have it. */
  validationSet: v.optional(ValidationSetSchema),
  /** The checkpoint that the attempt goes on from; null when it starts from nothing. */
  resumed: v.nullable(v.object({ epoch: number, step: number })),
});
/** Training metrics of consecutive steps `from … from + crossEntropy.length − 1` (0-based), each before its update. */
export const StepsSchema = event('steps', {
  from: number,
  crossEntropy: v.array(finiteOrNull),
  penalty: v.array(finiteOrNull),
  accuracy: v.array(finiteOrNull),
});
/** End of an epoch; epoch 0 is the state before the first step and has no training metrics. */
export const EpochSchema = event('epoch', {
  epoch: number,
  /** Steps done. */
  step: number,
  learningRate: number,
  train: v.nullable(MetricsSchema),
  validation: MetricsSchema,
  weights: WeightsLineSchema,
  /** Milliseconds since the attempt started. */
  elapsed: number,
});
/**
 * The state at this step is on disk: that after the epoch, or, of a trial that was stopped inside the next one, a later step.
 * Comes after all events up to that step, so a ledger that holds it holds them too: only then may an attempt go on from there.
 */
export const CheckpointSchema = event('checkpoint', { epoch: number, step: number });
/** The state after an epoch could not be written to disk, or not be read to go on from; training goes on without. */
export const CheckpointFailedSchema = event('checkpointFailed', { epoch: number, error: text });
export const DoneSchema = event('done', {
  step: number,
  elapsed: number,
  /** SHA-256 (hex) of all final weights in model order. */
  weightsHash: text,
});
/** The loss, or a weight at the end of an epoch, became NaN or infinite: a result, not a failure. */
export const DivergedSchema = event('diverged', { step: number, lastCrossEntropy: finiteOrNull, elapsed: number });
export const FailedSchema = event('failed', { error: text, stack: text });
/** The engine host died or was stopped while the trial ran; it will be tried again. */
export const InterruptedSchema = event('interrupted', { reason: text });

/**
 * The sweep's pruning rule ended the trial after an epoch: it stood too far behind others of its arm. A censored result: what
 * it would have come to is not known, only that it had not got there by then.
 */
export const PrunedSchema = event('pruned', {
  epoch: number,
  step: number,
  /** `median` or `asha`. */
  rule: text,
  /** Validation metric that was compared, `crossEntropy` or `accuracy`. */
  metric: text,
  /** What the trial had reached by the rule, and what it had to reach. */
  value: finiteOrNull,
  threshold: finiteOrNull,
  /** Trials of the arm that it was compared with. */
  peers: number,
});

/** The user does not want the trial any more. */
export const CancelledSchema = event('cancelled', {});
/**
 * A trial that failed, was cancelled or pruned is to run again; `attempt` is that of its last one. With `anew`, which one that
 * waits may be told as well, from its first step on: its checkpoint is of a model that has been edited since.
 */
export const RequeuedSchema = event('requeued', { anew: v.optional(v.boolean()) });

/** Events about one trial. */
export const TrialEventSchema = v.variant('type', [
  LeasedSchema,
  StartedSchema,
  StepsSchema,
  EpochSchema,
  CheckpointSchema,
  CheckpointFailedSchema,
  DoneSchema,
  DivergedSchema,
  FailedSchema,
  InterruptedSchema,
  PrunedSchema,
  CancelledSchema,
  RequeuedSchema,
]);

export const SWEEP_PHASES = ['preparing', 'running', 'paused', 'stopping', 'stopped', 'finished'] as const;

/** Event about the sweep as a whole. */
export const PhaseSchema = v.object({
  type: v.literal('phase'),
  phase: v.picklist(SWEEP_PHASES),
  /** What the phase is about, in words: "loading digits", "3 of 10 trials failed". */
  detail: v.optional(text),
  /** Number of worker threads, once known. */
  workers: v.optional(number),
});

export type Metrics = v.InferOutput<typeof MetricsSchema>;
export type ValidationSet = v.InferOutput<typeof ValidationSetSchema>;
export type WeightsLine = v.InferOutput<typeof WeightsLineSchema>;
export type TrialEvent = v.InferOutput<typeof TrialEventSchema>;
export type TrialEventOf<T extends TrialEvent['type']> = Extract<TrialEvent, { type: T }>;
export type PhaseEvent = v.InferOutput<typeof PhaseSchema>;
export type SweepPhase = (typeof SWEEP_PHASES)[number];
export type SweepEvent = TrialEvent | PhaseEvent;

/** An event as the ledger keeps it and the page receives it. */
export interface RecordedEvent {
  /** Position in the ledger, 1-based, without gaps. */
  seq: number;
  /** Wall clock, ms since 1970, when the coordinator recorded it. */
  at: number;
  event: SweepEvent;
}

/** `null` for what JSON cannot carry. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
