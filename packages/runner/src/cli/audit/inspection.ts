/** What `l2bn plan` and `l2bn validate` ask of the process that loads TensorFlow for them, and what it answers. */
import type { AuditRow } from '@l2bn/core';
import type { DataConfig, InputProblem, TrialConfig } from '@l2bn/core/sweep';
import type { ModelTrial } from '../../engine/messages.ts';
import type { ShapeCost } from '../estimate/shape-cost.ts';

export interface InspectionRequest {
  /** Every data set of the plan. */
  data: DataConfig[];
  /** Models that may turn out not to be trainable. */
  tried: ModelTrial[];
  /** One trial's configuration for each model whose variables are asked for. */
  models: TrialConfig[];
  /** Where training steps are to be timed. */
  timing?: TimingRequest;
  /** What relative paths in them are relative to. */
  baseDirectory: string;
  /** The sweep file, for errors. */
  file: string;
}

export interface TimingRequest {
  /** One trial's configuration for each kind of step. */
  shapes: TrialConfig[];
  /** Trials that will run at the same time. */
  together: number;
  /** Takes checkpoints; whoever made it removes it. */
  temporaryFolder: string;
}

/** What of a row of the audit can leave the process that holds the model. */
export type AuditVariable = Omit<AuditRow, 'variable'>;

/** A data set by its numbers. */
export interface DataSummary {
  name: string;
  classes: number;
  train: number;
  validation: number;
  /** Of all images and labels, hex. */
  hash: string;
}

export interface Inspection {
  /** In the order of the request's `data`. */
  data: DataSummary[];
  /** In the order of the request's `models`. */
  models: AuditVariable[][];
  /** Time until TensorFlow and the data were loaded, in ms. */
  start: number;
  /** In the order of the request's `timing.shapes`; empty where nothing was timed, null where no step came through. */
  costs: (ShapeCost | null)[];
}

/** Or everything that is wrong. */
export type InspectionAnswer = Inspection | { problems: InputProblem[] };
