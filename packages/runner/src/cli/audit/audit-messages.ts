import type { InputProblem, TrialConfig } from '@l2bn/core/sweep';

export interface AuditRequest {
  /** One trial's configuration for each model that is to be built. */
  configs: TrialConfig[];
  /** What relative paths in them are relative to. */
  baseDirectory: string;
  /** The sweep file, for errors. */
  file: string;
}

/** One variable of a model and the penalty that training puts on it: l1·Σ|w| + l2·Σw². */
export interface AuditVariable {
  layer: string;
  kind: string;
  shape: number[];
  trainable: boolean;
  l1: number;
  l2: number;
}

/** In the order of `configs`, or why there is none. */
export type AuditAnswer = { models: AuditVariable[][] } | { problems: InputProblem[] };
