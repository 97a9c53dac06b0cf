import { DataConfigSchema, TrialConfigSchema, TrialEventSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';

/**
 * What coordinator and engine host say to each other, both ways one discriminated union. Checked where it arrives: the
 * host is another process, and one day another machine.
 */

const text = v.string();
const natural = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A model that is to be built once before anything trains. */
const ModelTrialSchema = v.object({
  config: TrialConfigSchema,
  seed: natural,
  /** The cell that it comes from, in words; null where the plan has no other. */
  cell: v.nullable(text),
});
export type ModelTrial = v.InferOutput<typeof ModelTrialSchema>;

/** Loads data, warms TensorFlow up, tries the models and starts the workers; answered by `ready` or `refused`. */
const PrepareSchema = v.object({
  type: v.literal('prepare'),
  /** Every data set that some trial needs. */
  data: v.array(DataConfigSchema),
  /** What `modelTrials` asks for; none when they have been tried before. */
  models: v.array(ModelTrialSchema),
  /** Every module of the user's that some trial needs, as `config.model` names it. */
  modules: v.array(text),
  /** What relative paths in the configuration are relative to. */
  baseDirectory: text,
  workers: v.pipe(natural, v.minValue(1)),
  /** Folder that takes a folder of checkpoints for each trial. */
  checkpoints: text,
});
const RunSchema = v.object({
  type: v.literal('run'),
  trial: text,
  attempt: natural,
  /** Lane 0…workers − 1, for show. */
  worker: natural,
  seed: natural,
  config: TrialConfigSchema,
  /** The checkpoint that was recorded last, from which the attempt goes on. */
  resumeFrom: v.nullable(v.object({ epoch: natural, step: natural })),
});
/** A checkpoint of a running trial is in the ledger; its file and no earlier one may be needed again. */
const RecordedSchema = v.object({ type: v.literal('recorded'), trial: text, epoch: natural });
/** Stops a running trial at its next step, or all of them. `isForGood`: nobody will go on from there, and no state is kept. */
const StopSchema = v.object({ type: v.literal('stop'), trial: v.nullable(text), isForGood: v.boolean() });
/** Asks what the host is doing; answered by `threads` and then by `report`, unless it hangs. */
const AskReportSchema = v.object({ type: v.literal('report') });
const ShutdownSchema = v.object({ type: v.literal('shutdown') });
export const ToHostSchema = v.variant('type', [
  PrepareSchema,
  RunSchema,
  RecordedSchema,
  StopSchema,
  AskReportSchema,
  ShutdownSchema,
]);
export type ToHost = v.InferOutput<typeof ToHostSchema>;

const DatasetSummarySchema = v.object({
  name: text,
  classes: natural,
  train: natural,
  validation: natural,
  hash: text,
});
export type DatasetSummary = v.InferOutput<typeof DatasetSummarySchema>;

const ReadySchema = v.object({
  type: v.literal('ready'),
  workers: natural,
  /** Version of libtensorflow. */
  tensorflow: text,
  /** Resident memory of the host in bytes, with the data sets and without a trial. */
  memory: natural,
  /** In the order of `prepare.data`. */
  datasets: v.array(DatasetSummarySchema),
  /** Each as it was before any of them was loaded. */
  modules: v.array(v.object({ model: text, hash: text })),
});
/** The user's data or model cannot be used. */
const RefusedSchema = v.object({
  type: v.literal('refused'),
  problems: v.array(v.object({ file: v.exactOptional(text), path: v.exactOptional(text), got: text, want: text })),
});
/** The host cannot work at all (TensorFlow does not load, no memory). */
const BrokenSchema = v.object({ type: v.literal('broken'), error: text, stack: text });
/** Sent every few seconds. */
const HealthSchema = v.object({
  type: v.literal('health'),
  /** Resident memory of the host in bytes. */
  memory: natural,
});
/** Which thread of the system runs which trial. Said first: the host's main thread waits for each of them for the rest. */
const ThreadsSchema = v.object({
  type: v.literal('threads'),
  threads: v.array(v.object({ trial: text, id: natural })),
});
/** What the host is doing. */
const ReportSchema = v.object({
  type: v.literal('report'),
  /** JavaScript stacks of the worker threads with a trial, innermost call first. */
  workers: v.array(v.object({ trial: text, thread: natural, stack: v.array(text) })),
  /** Node's diagnostic report, without the environment. */
  node: v.record(text, v.unknown()),
});
const EventSchema = v.object({ type: v.literal('event'), event: TrialEventSchema });
/** The last word on an attempt, after all its events. */
const EndedSchema = v.object({
  type: v.literal('ended'),
  trial: text,
  attempt: natural,
  /** `threw` is tried again, `refused` (the user's model cannot be used) is not. */
  outcome: v.picklist(['finished', 'stopped', 'threw', 'refused']),
  /** Set when it threw or was refused. */
  error: text,
  stack: text,
});
export const FromHostSchema = v.variant('type', [
  ReadySchema,
  RefusedSchema,
  BrokenSchema,
  HealthSchema,
  ThreadsSchema,
  ReportSchema,
  EventSchema,
  EndedSchema,
]);
export type FromHost = v.InferOutput<typeof FromHostSchema>;
export type FromHostOf<T extends FromHost['type']> = Extract<FromHost, { type: T }>;
