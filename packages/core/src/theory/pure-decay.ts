import type { EpochRecord } from '../sweep/state.ts';
import { isPureDecayKnown, type PenaltySettings, pureDecayAfter } from './penalty-step.ts';

/**
 * Most that one step rounds a weight by, relative to what it then is: half a unit in the last place of float32. Steps may all
 * round to the same side; those of a small λ do. (What is subtracted is rounded as well, but is 2ηc times smaller.)
 */
const STEP_ROUNDING = 2 ** -24;
/**
 * Share of a kernel that the data may have moved and still count as not having reached it: what no accuracy shows. In the
 * article's network without BN the first kernel keeps every bit at λ = 0, so this is room for networks in which a gradient
 * of next to nothing arrives.
 */
const NOT_MOVED = 1e-6;
/**
 * Weights below this count as gone. Native kernels flush what is below 1.2e-38 to zero: a weight stands still where
 * a step's 2ηc·w falls below that, which for 2ηc > 1e-6 is at 1.2e-32, and ‖w‖ of thousands of them below 1e-30.
 */
const UNDERFLOW = 1e-30;

/**
 * What the penalty alone moves: the `kernel` as a whole, only the printed `values` of it (the rest learns: inputs that are
 * the same in all images, as a border is, leave their weights without a gradient), or `none` of these.
 */
export type PureDecayReach = 'kernel' | 'values' | 'none';

/**
 * Whether nothing but the penalty has moved a trial's first kernel: the one rule behind "nothing but decay" and "weights at
 * rest" in reports and on the page.
 *
 * Under plain SGD, and where else `isPureDecayKnown` says so, w₀·(1 − 2ηc)^t becomes of a weight w₀ that no data gradient
 * reaches. In every record, each printed value has to lie on that curve (`values`), and ‖w‖ of the whole kernel as well
 * (`kernel`). Neither is enough by itself: a norm can decay while its direction turns, and ten weights can be cut off while
 * the others learn.
 *
 * A value may be off the curve by what float32 rounds, t·2⁻²⁴ of what it should be by then (nothing where λ = 0, for then
 * nothing is subtracted), and by 1e-6 of the kernel's scale on the curve: the largest printed value, or ‖w‖.
 *
 * @param records Epoch records of one trial in ascending order, from its start or any later epoch on.
 * @param config The learning rate η has to be constant. @returns `none` also for settings of which that is not known, while
 *   there are no two records of different steps, and where weights are not finite.
 */
export function pureDecayReach(
  records: readonly Pick<EpochRecord, 'step' | 'weights'>[],
  config: PenaltySettings,
): PureDecayReach {
  const first = records[0];
  if (!isPureDecayKnown(config) || first === undefined || records.at(-1)?.step === first.step) return 'none';
  const follows = (of: (weights: EpochRecord['weights']) => readonly (number | null)[]): boolean =>
    records.every(({ step, weights }) => isOnCurve(of(first.weights), of(weights), step - first.step, config));
  if (first.weights.values.length === 0 || !follows(({ values }) => values)) return 'none';
  return follows(({ norm }) => [norm]) ? 'kernel' : 'values';
}

function isOnCurve(
  start: readonly (number | null)[],
  now: readonly (number | null)[],
  steps: number,
  config: PenaltySettings,
): boolean {
  const factor = pureDecayAfter(config, steps) ?? Number.NaN;
  const rounding = config.l2 === 0 ? 0 : steps * STEP_ROUNDING;
  const scale = Math.max(...start.map((value) => Math.abs(factor * (value ?? 0))));
  return start.every((value, i) => {
    const present = now[i] ?? null;
    if (value === null || present === null) return false;
    const expected = factor * value;
    return Math.abs(present - expected) <= rounding * Math.abs(expected) + NOT_MOVED * scale + UNDERFLOW;
  });
}
