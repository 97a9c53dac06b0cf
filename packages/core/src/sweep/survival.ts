import type { AxisValue } from './plan.ts';
import type { SweepState } from './state.ts';

/** What became of the trials of one arm: cells that share the levels of some factors. */
export interface ArmSurvival {
  /** The factors' levels, by axis key. */
  values: Record<string, AxisValue>;
  /** Trials that have come to an end by themselves; cancelled ones are nobody's result. */
  ended: number;
  /** Ended trials that were trained to their end: the ones that means are taken over. */
  survived: number;
  diverged: number;
  pruned: number;
  failed: number;
}

export interface Survival {
  /** In the order of the plan's cells. */
  arms: ArmSurvival[];
  /**
   * Whether the shares of survivors lie so far apart that what is compared between arms is no longer the same kind of trial: a
   * mean over the survivors of a thinned arm is a mean over its best.
   */
  differs: boolean;
}

/** Difference between two arms' shares of survivors from which means over them are said to be biased. */
const MARGIN = 0.1;

/**
 * Survival by arm. Pruned, diverged and failed trials are missing from every mean, and where one arm misses more of them than
 * the other, the comparison is of survivors.
 *
 * @param factors Axis keys whose levels make the arms; those that the sweep does not vary do not count.
 */
export function armSurvival({ plan, trials }: SweepState, factors: readonly string[] = ['batchNorm']): Survival {
  const varied = factors.filter((key) => plan.axes.some((axis) => axis.key === key && axis.values.length > 1));
  const arms = new Map<string, ArmSurvival>();
  const armOf = new Map<string, ArmSurvival>();
  for (const { id, values } of plan.cells) {
    const levels = Object.fromEntries(varied.flatMap((key) => (key in values ? [[key, values[key]!]] : [])));
    const key = JSON.stringify(levels);
    const arm = arms.get(key) ?? { values: levels, ended: 0, survived: 0, diverged: 0, pruned: 0, failed: 0 };
    arms.set(key, arm);
    armOf.set(id, arm);
  }
  for (const { cell, status } of trials) {
    const arm = armOf.get(cell);
    if (arm === undefined) continue;
    if (status === 'done') arm.survived++;
    else if (status === 'diverged' || status === 'pruned' || status === 'failed') arm[status]++;
    else continue;
    arm.ended++;
  }
  const shares = [...arms.values()].filter(({ ended }) => ended > 0).map(({ survived, ended }) => survived / ended);
  return { arms: [...arms.values()], differs: Math.max(...shares) - Math.min(...shares) > MARGIN };
}
