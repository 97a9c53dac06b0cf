import type { EpochRecord, TrialConfig } from '@l2bn/core/sweep';
import { decayAfter } from '@l2bn/core/theory';
import { formatValue } from './format.ts';

/** Spread of the ten ratios w_t / w_0, relative, below which they count as one: single precision leaves about 1e-7. */
const ONE_FACTOR = 1e-5;

export interface DecayStory {
  /** ‖w‖ if nothing but the penalty had acted, per epoch record; `null` where the closed form does not hold. */
  pureDecay: (number | null)[];
  /** ‖w‖ of each record over ‖w‖ of the one before; `null` for the first. */
  ratios: (number | null)[];
  /** What pure decay makes of the same ratio. */
  pureRatios: (number | null)[];
  /** The upshot, in one or two sentences. */
  text: string;
  /** All ten values kept one common factor: no data gradient reaches the kernel. */
  oneFactor: boolean;
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
  const oneFactor = keepsOneFactor(epochs);
  return { pureDecay, ratios, pureRatios, oneFactor, text: tell(epochs, config, pureDecay, oneFactor) };
}

function tell(
  epochs: readonly EpochRecord[],
  { l2, optimizer }: TrialConfig,
  pureDecay: readonly (number | null)[],
  oneFactor: boolean,
): string {
  const first = epochs[0];
  const last = epochs.at(-1);
  if (first === undefined || last === undefined || first === last) return 'Only the first weights are known so far.';
  const factor = quotient(last.weights.norm, first.weights.norm);
  if (factor === null) return 'The weights are no longer finite.';
  const predicted = quotient(pureDecay.at(-1) ?? null, first.weights.norm);
  if (oneFactor && factor === 1) return 'None of the ten values moved: no gradient reaches this kernel.';
  if (oneFactor) {
    const theory = predicted === null ? '' : ` Pure decay predicts × ${predicted.toFixed(6)}.`;
    return `All ten values kept one common factor, × ${factor.toFixed(6)}: no gradient reaches this kernel.${theory}`;
  }
  const moved = `‖w‖ went from ${formatValue(first.weights.norm)} to ${formatValue(last.weights.norm)} (× ${formatValue(factor)}).`;
  if (optimizer !== 'sgd') return `${moved} The closed form of the decay is for plain SGD, not for ${optimizer}.`;
  if (l2 === 0) return `${moved} There is no penalty to shrink it.`;
  return `${moved} The penalty alone would have made it × ${formatValue(predicted)}.`;
}

function keepsOneFactor(epochs: readonly EpochRecord[]): boolean {
  const first = epochs[0];
  const last = epochs.at(-1);
  if (first === undefined || last === undefined || first.step === last.step) return false;
  const ratios = first.weights.values.map((value, i) => quotient(last.weights.values[i] ?? null, value));
  if (ratios.length < 2 || ratios.some((ratio) => ratio === null)) return false;
  const numbers = ratios as number[];
  const mean = numbers.reduce((sum, ratio) => sum + ratio, 0) / numbers.length;
  return mean !== 0 && numbers.every((ratio) => Math.abs(ratio / mean - 1) < ONE_FACTOR);
}

const quotient = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
