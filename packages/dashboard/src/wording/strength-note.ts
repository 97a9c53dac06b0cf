import { formatStrength, type SweepPlan, type TrialConfig } from '@l2bn/core/sweep';
import { decayFactor, weightDecayOf } from '@l2bn/core/theory';
import { formatFactor } from './format.ts';

type Settings = Pick<TrialConfig, 'optimizer' | 'learningRate' | 'l2'>;

/** What a plain SGD step does to a weight by the penalty alone, `× 0.9998 per step (1 − 2ηλ)`; empty for others. */
export const decayNote = ({ optimizer, learningRate, l2 }: Settings): string =>
  optimizer === 'sgd' ? `× ${formatFactor(decayFactor(learningRate, l2))} per step (1 − 2ηλ)` : '';

/**
 * What λ is, so that nobody takes it for another library's: the coefficient of λ·Σw², as in Keras. The gradient has twice of
 * it, which is what PyTorch calls weight decay.
 *
 * @param configs of all cells with this λ: the decay factor is named where they agree on it
 */
export function strengthNote(l2: number, configs: readonly Settings[]): string {
  const decays = new Set(configs.map((config) => decayNote({ ...config, l2 })));
  const decay = decays.size === 1 ? [...decays][0]! : '';
  return [
    `λ = ${formatStrength(l2)}, the Keras coefficient: the penalty is λ·Σw²`,
    decay === '' ? '' : `plain SGD shrinks a weight ${decay}`,
    `as PyTorch's weight_decay it is 2λ = ${formatStrength(weightDecayOf(l2))}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** The same of any λ of a plan. Made once for all of them: each asks for the cells that have it. */
export function strengthNotes({ cells }: SweepPlan): (l2: number) => string {
  const configs = new Map<number, Settings[]>();
  for (const { config } of cells) {
    const alike = configs.get(config.l2);
    if (alike === undefined) configs.set(config.l2, [config]);
    else alike.push(config);
  }
  return (l2) => strengthNote(l2, configs.get(l2) ?? []);
}
