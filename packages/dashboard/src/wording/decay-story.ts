import type { EpochRecord, TrialConfig } from '@l2bn/core/sweep';
import { isPureDecayKnown, type PureDecayReach, pureDecayAfter, pureDecayReach } from '@l2bn/core/theory';
import { formatValue } from './format.ts';

export interface DecayStory {
  /** ‖w‖ if nothing but the penalty had acted, per epoch record; `null` where the closed form does not hold. */
  pureDecay: (number | null)[];
  /** ‖w‖ of each record over ‖w‖ of the one before; `null` for the first. */
  ratios: (number | null)[];
  /** What pure decay makes of the same ratio. */
  pureRatios: (number | null)[];
  /** The upshot, in one or two sentences. */
  text: string;
  /** What no data gradient reaches, by the rule that reports and terminal go by, too. */
  onlyDecay: PureDecayReach;
}

/** Sets the weights line of every epoch against ‖w₀‖·(1 − 2ηc)^t, what the penalty alone makes of it. */
export function decayStory(epochs: readonly EpochRecord[], config: TrialConfig): DecayStory {
  const first = epochs[0];
  const norm0 = first?.weights.norm ?? null;
  const pureDecay = epochs.map(({ step }) => {
    const factor = first === undefined ? null : pureDecayAfter(config, step - first.step);
    return norm0 === null || factor === null ? null : norm0 * factor;
  });
  const ratios = epochs.map((epoch, i) => quotient(epoch.weights.norm, epochs[i - 1]?.weights.norm ?? null));
  const pureRatios = epochs.map((epoch, i) => {
    const before = epochs[i - 1];
    return before === undefined ? null : pureDecayAfter(config, epoch.step - before.step);
  });
  const onlyDecay = pureDecayReach(epochs, config);
  return { pureDecay, ratios, pureRatios, onlyDecay, text: tell(epochs, config, pureDecay, onlyDecay) };
}

function tell(
  epochs: readonly EpochRecord[],
  config: TrialConfig,
  pureDecay: readonly (number | null)[],
  onlyDecay: PureDecayReach,
): string {
  const first = epochs[0];
  const last = epochs.at(-1);
  if (first === undefined || last === undefined || first === last) return 'Only the first weights are known so far.';
  const factor = quotient(last.weights.norm, first.weights.norm);
  if (factor === null || last.weights.values.includes(null)) return 'The weights are no longer finite.';
  const predicted = quotient(pureDecay.at(-1) ?? null, first.weights.norm);
  const count = COUNT_WORDS[first.weights.values.length] ?? `${first.weights.values.length}`;
  if (onlyDecay === 'kernel') {
    return predicted === 1
      ? `Neither the ${count} values nor ‖w‖ of the whole kernel moved: no gradient reaches this kernel.`
      : `The ${count} values and ‖w‖ of the whole kernel kept one common factor, × ${factor.toFixed(6)}: no gradient reaches this kernel. Pure decay predicts × ${predicted?.toFixed(6)}.`;
  }
  const norms = `${formatValue(first.weights.norm, 5)} to ${formatValue(last.weights.norm, 5)} (× ${factor.toFixed(4)})`;
  if (onlyDecay === 'values') {
    const what = predicted === 1 ? 'they did not move' : 'the penalty alone moves them';
    return `No gradient reaches these ${count} values, ${what}; the kernel as a whole went from ‖w‖ = ${norms}.`;
  }
  const moved = `‖w‖ went from ${norms}.`;
  if (!isPureDecayKnown(config)) {
    return `${moved} Under ${config.optimizer} the penalty alone does not multiply a weight by 1 − 2ηλ a step.`;
  }
  if (config.l2 === 0) return `${moved} There is no penalty to shrink it.`;
  return `${moved} The penalty alone would have made it × ${formatValue(predicted)}.`;
}

const COUNT_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

const quotient = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
