import type { PruningRule } from '../../plan/pruning.ts';
import type { ArmRecord } from './arm-record.ts';

/** Why a trial is not to go on. Scores; less is better. */
export interface Verdict {
  /** What the trial had reached, and what it had to reach at most. */
  value: number;
  threshold: number;
  /** Trials that it was compared with. */
  peers: number;
}

type RuleOf<R extends PruningRule['rule']> = Extract<PruningRule, { rule: R }>;

/** A trial that has just ended an epoch, which its arm's record already holds; undefined: it goes on. */
export function judge(rule: PruningRule, arm: ArmRecord, trial: string, epoch: number): Verdict | undefined {
  return rule.rule === 'median' ? judgeByMedian(rule, arm, trial, epoch) : judgeByHalving(rule, arm, trial, epoch);
}

function judgeByMedian(
  { startupTrials, warmupEpochs, interval }: RuleOf<'median'>,
  arm: ArmRecord,
  trial: string,
  epoch: number,
): Verdict | undefined {
  if (epoch < warmupEpochs || (epoch - warmupEpochs) % interval !== 0) return undefined;
  const peers = arm.finishedAt(epoch);
  if (arm.finishedTrials < startupTrials || peers.count === 0) return undefined;
  // The best so far: a bad epoch in a good run is noise.
  const value = Math.min(...arm.of(trial).filter((score) => score !== undefined));
  const threshold = peers.median();
  return value > threshold ? { value, threshold, peers: peers.count } : undefined;
}

function judgeByHalving(
  { minEpochs, rungTrials, reductionFactor }: RuleOf<'asha'>,
  arm: ArmRecord,
  trial: string,
  epoch: number,
): Verdict | undefined {
  if (!isRung(epoch, minEpochs, reductionFactor)) return undefined;
  const value = arm.of(trial)[epoch]!;
  const all = arm.at(epoch);
  if (all.count < rungTrials) return undefined;
  // Of fewer than η that have got here the best goes on.
  const places = Math.max(1, Math.floor(all.count / reductionFactor));
  return all.countBelow(value) < places ? undefined : { value, threshold: all.at(places - 1), peers: all.count - 1 };
}

/** Whether an epoch is one of r, r·η, r·η², … */
function isRung(epoch: number, minEpochs: number, reductionFactor: number): boolean {
  let rung = minEpochs;
  while (rung < epoch) rung *= reductionFactor;
  return rung === epoch;
}
