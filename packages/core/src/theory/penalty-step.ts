import type { TrialConfig } from '../sweep/trial-config.ts';
import { decayAfter, decayFactor, weightDecayOf } from './decay.ts';

/** What of a trial's configuration decides what λ does to a weight. */
export type PenaltySettings = Pick<TrialConfig, 'optimizer' | 'momentum' | 'learningRate' | 'l2'>;

/**
 * Whether λ acts as decoupled weight decay: each step subtracts 2ηλ·w from the weights, apart from the gradient. Neither the loss
 * that is minimised nor momentum or Adam's moments see it.
 */
export const isDecoupled = (optimizer: TrialConfig['optimizer']): boolean =>
  optimizer === 'sgdw' || optimizer === 'adamw';

/**
 * Whether a step makes exactly (1 − 2ηλ)·w of a weight w that no data gradient reaches, up to rounding.
 *
 * - `sgd`: the whole gradient is the penalty's 2λ·w. So it is with `momentum` and `nesterov` at momentum 0, which are plain SGD.
 * - `sgdw` and `adamw`, whatever their momentum: the decay is a step of its own, and without a gradient velocity and moments stay 0.
 * - all without λ: nothing moves the weight.
 *
 * Else not: momentum goes on by what the penalty did in earlier steps, and Adam divides the penalty's gradient by its own size, so
 * the weight falls by about η a step whatever λ is.
 */
export const isPureDecayKnown = ({ optimizer, momentum, l2 }: Omit<PenaltySettings, 'learningRate'>): boolean =>
  l2 === 0 ||
  optimizer === 'sgd' ||
  isDecoupled(optimizer) ||
  ((optimizer === 'momentum' || optimizer === 'nesterov') && momentum === 0);

/** What a step makes of a weight by the penalty alone, 1 − 2ηλ; `null` where that is not so (`isPureDecayKnown`). */
export const pureDecayFactor = (settings: PenaltySettings): number | null =>
  isPureDecayKnown(settings) ? decayFactor(settings.learningRate, settings.l2) : null;

/** The same after so many steps, (1 − 2ηλ)^steps. */
export const pureDecayAfter = (settings: PenaltySettings, steps: number): number | null =>
  isPureDecayKnown(settings) ? decayAfter(settings.learningRate, settings.l2, steps) : null;

/**
 * Steps after which the penalty alone has left at most half of a weight. `null` where `isPureDecayKnown` says no, without λ, and
 * where 2ηλ ≥ 1: the first step leaves nothing then, or overshoots zero.
 */
export function halvingSteps(settings: PenaltySettings): number | null {
  const share = settings.learningRate * weightDecayOf(settings.l2);
  if (!isPureDecayKnown(settings) || share <= 0 || share >= 1) return null;
  return Math.ceil(Math.LN2 / -Math.log1p(-share));
}
