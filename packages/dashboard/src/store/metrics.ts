import type { EpochRecord, TrialState } from '@l2bn/core/sweep';
import { formatShare, formatValue } from '../wording/format.ts';

export const METRIC_KEYS = [
  'validationAccuracy',
  'validationCrossEntropy',
  'trainAccuracy',
  'trainCrossEntropy',
  'penalty',
  'norm',
] as const;
export type MetricKey = (typeof METRIC_KEYS)[number];

/** A number that every epoch of a trial has. */
export interface Metric {
  key: MetricKey;
  /** Starts a sentence. */
  label: string;
  /** Which direction is the good one; `null` where there is none. */
  better: 'higher' | 'lower' | null;
  /** How differences are best seen. */
  scale: 'linear' | 'log';
  /** Column of `TrialState.curve` with the same number by step, if there is one. */
  curve: 'crossEntropy' | 'penalty' | 'accuracy' | null;
  of(epoch: EpochRecord): number | null;
  format(value: number | null | undefined): string;
}

const significant = (value: number | null | undefined) => formatValue(value, 3);

export const METRICS: Record<MetricKey, Metric> = {
  validationAccuracy: {
    key: 'validationAccuracy',
    label: 'Validation accuracy',
    better: 'higher',
    scale: 'linear',
    curve: null,
    of: (epoch) => epoch.validation.accuracy,
    format: formatShare,
  },
  validationCrossEntropy: {
    key: 'validationCrossEntropy',
    label: 'Validation cross-entropy',
    better: 'lower',
    scale: 'linear',
    curve: null,
    of: (epoch) => epoch.validation.crossEntropy,
    format: significant,
  },
  trainAccuracy: {
    key: 'trainAccuracy',
    label: 'Training accuracy',
    better: 'higher',
    scale: 'linear',
    curve: 'accuracy',
    of: (epoch) => epoch.train?.accuracy ?? null,
    format: formatShare,
  },
  trainCrossEntropy: {
    key: 'trainCrossEntropy',
    label: 'Training cross-entropy',
    better: 'lower',
    scale: 'linear',
    curve: 'crossEntropy',
    of: (epoch) => epoch.train?.crossEntropy ?? null,
    format: significant,
  },
  penalty: {
    key: 'penalty',
    label: 'Penalty λ·Σw²',
    better: null,
    scale: 'log',
    curve: 'penalty',
    of: (epoch) => epoch.validation.penalty,
    format: significant,
  },
  norm: {
    key: 'norm',
    label: 'First kernel ‖w‖',
    better: null,
    scale: 'log',
    curve: null,
    of: (epoch) => epoch.weights.norm,
    format: significant,
  },
};

/** The metric at the last epoch that was recorded; `null` before the first, or when it is not finite. */
export function lastValue(trial: TrialState, metric: Metric): number | null {
  const last = trial.epochs.at(-1);
  return last === undefined ? null : metric.of(last);
}
