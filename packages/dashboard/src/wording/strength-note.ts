import { formatStrength, type SweepPlan } from '@l2bn/core/sweep';
import { isDecoupled, type PenaltySettings, pureDecayFactor, weightDecayOf } from '@l2bn/core/theory';
import { formatFactor } from './format.ts';

/** What a step makes of a weight by the penalty alone, `× 0.9998 per step (1 − 2ηλ)`; empty where it is not that. */
export function decayNote(settings: PenaltySettings): string {
  const factor = pureDecayFactor(settings);
  return factor === null ? '' : `× ${formatFactor(factor)} per step (1 − 2ηλ)`;
}

/**
 * What λ is, so that nobody takes it for another library's: the coefficient of λ·Σw², as in Keras. The gradient has twice of
 * it, which is what PyTorch calls weight decay.
 *
 * @param configs of all cells with this λ: the decay factor is named where they agree on it
 */
export function strengthNote(l2: number, configs: readonly PenaltySettings[]): string {
  return [
    `λ = ${formatStrength(l2)}, the Keras coefficient: the penalty is λ·Σw²`,
    shrinkage(configs.map((config) => ({ ...config, l2 }))),
    `as PyTorch's weight_decay it is 2λ = ${formatStrength(weightDecayOf(l2))}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** What shrinks a weight, and by how much; empty where the cells differ in it, and where nothing does: λ may be 0, or wild. */
function shrinkage(configs: readonly PenaltySettings[]): string {
  const [factor = null, ...others] = new Set(configs.map(pureDecayFactor));
  if (factor === null || others.length > 0 || Math.abs(factor) >= 1) return '';
  // Momentum of 0 is plain SGD, too; decoupled decay is none of it, whatever takes the gradient.
  const what = configs.some(({ optimizer }) => isDecoupled(optimizer)) ? 'the penalty alone' : 'plain SGD';
  return `${what} shrinks a weight ${decayNote(configs[0]!)}`;
}

/** The same of any λ of a plan. Made once for all of them: each asks for the cells that have it. */
export function strengthNotes({ cells }: SweepPlan): (l2: number) => string {
  const configs = new Map<number, PenaltySettings[]>();
  for (const { config } of cells) {
    const alike = configs.get(config.l2);
    if (alike === undefined) configs.set(config.l2, [config]);
    else alike.push(config);
  }
  return (l2) => strengthNote(l2, configs.get(l2) ?? []);
}
