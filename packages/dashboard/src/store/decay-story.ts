import type { EpochRecord, TrialConfig } from '@l2bn/core/sweep';
import { decayAfter } from '@l2bn/core/theory';
import { formatValue } from './format.ts';

/** Relative distance between two ratios up to which they are one: what printing and summing in single precision leave. */
const SAME_RATIO = 1e-6;
/** Half a unit in the last place: a step rounds each weight by that much at most, and all steps may round the same way. */
const FLOAT32_ROUNDING = 2 ** -24;

/** What follows the penalty alone, after every epoch: the whole kernel, only the values that are printed of it, or neither. */
export type DecayReach = 'kernel' | 'values' | 'none';

export interface DecayStory {
  /** ‖w‖ if nothing but the penalty had acted, per epoch record; `null` where the closed form does not hold. */
  pureDecay: (number | null)[];
  /** ‖w‖ of each record over ‖w‖ of the one before; `null` for the first. */
  ratios: (number | null)[];
  /** What pure decay makes of the same ratio. */
  pureRatios: (number | null)[];
  /** The upshot, in one or two sentences. */
  text: string;
  /** What no data gradient reaches. */
  onlyDecay: DecayReach;
}

/** Sets the weights line of every epoch against ‖w₀‖·(1 − 2ηc)^t, what plain SGD does with the penalty alone. */
export function decayStory(epochs: readonly EpochRecord[], config: TrialConfig): DecayStory {
  const { learningRate, l2, optimizer } = config;
  const plain = optimizer === 'sgd';
  const first = epochs[0];
  const norm0 = first?.weights.norm ?? null;
  const pureDecay = epochs.map(({ step }) =>
    plain && norm0 !== null && first !== undefined ? norm0 * decayAfter(learningRate, l2, step - first.step) : null,
  );
  const ratios = epochs.map((epoch, i) => quotient(epoch.weights.norm, epochs[i - 1]?.weights.norm ?? null));
  const pureRatios = epochs.map((epoch, i) => {
    const before = epochs[i - 1];
    return plain && before !== undefined ? decayAfter(learningRate, l2, epoch.step - before.step) : null;
  });
  const onlyDecay = reachOf(epochs, config);
  return { pureDecay, ratios, pureRatios, onlyDecay, text: tell(epochs, config, pureDecay, onlyDecay) };
}

function tell(
  epochs: readonly EpochRecord[],
  { l2, optimizer }: TrialConfig,
  pureDecay: readonly (number | null)[],
  onlyDecay: DecayReach,
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
  if (optimizer !== 'sgd') return `${moved} The closed form of the decay is for plain SGD, not for ${optimizer}.`;
  if (l2 === 0) return `${moved} There is no penalty to shrink it.`;
  return `${moved} The penalty alone would have made it × ${formatValue(predicted)}.`;
}

const COUNT_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/**
 * What lies on (1 − 2ηc)^t at every epoch. The values that are printed are not the kernel: inputs that are the same in all
 * images, as a border is, leave their weights without a gradient while the others learn. And ‖w‖ alone is not the kernel
 * either: it may follow the decay while the direction turns.
 */
function reachOf(epochs: readonly EpochRecord[], { optimizer, learningRate, l2 }: TrialConfig): DecayReach {
  const first = epochs[0];
  if (optimizer !== 'sgd' || first === undefined || epochs.at(-1)?.step === first.step) return 'none';
  const follows = (of: (epoch: EpochRecord) => readonly (number | null)[]): boolean => {
    const before = of(first);
    return (
      before.length > 0 &&
      epochs.every((epoch) => {
        const steps = epoch.step - first.step;
        const factor = decayAfter(learningRate, l2, steps);
        // Without a penalty nothing is subtracted, so nothing is rounded either.
        const tolerance = SAME_RATIO * factor + (l2 === 0 ? 0 : steps * FLOAT32_ROUNDING);
        const now = of(epoch);
        return before.every((value, i) => lies(now[i], value, factor, tolerance));
      })
    );
  };
  if (!follows(({ weights }) => weights.values)) return 'none';
  return follows(({ weights }) => [weights.norm]) ? 'kernel' : 'values';
}

const lies = (now: number | null | undefined, before: number | null, factor: number, tolerance: number): boolean =>
  typeof now === 'number' && before !== null && Math.abs(now - factor * before) <= tolerance * Math.abs(before);

const quotient = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
