import { cellOf, type Metrics, type SweepState, type TrialEventOf, type TrialState, trialOf } from '@l2bn/core/sweep';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { valueAt } from '../../plan/config-values.ts';
import type { PruningMetric, PruningRule } from '../../plan/pruning.ts';
import { ArmRecord } from './arm-record.ts';
import { judge } from './rules.ts';

export type PrunedEvent = TrialEventOf<'pruned'>;

/**
 * Decides which trials are ended early: each is compared with others of its arm only. Knows nothing of time and processes, and
 * takes what it knows from the state, so a sweep that is resumed goes on with its record.
 */
export class Pruner {
  private readonly rule: PruningRule;
  private readonly arms = new Map<string, ArmRecord>();
  private readonly armOfCell = new Map<string, ArmRecord>();
  private readonly state: SweepState;

  /**
   * Takes in what the state's trials have reached so far.
   *
   * @param isOlder Whether a trial is of a model that was another then: no peer of those of the present one.
   */
  constructor(rule: PruningRule, state: SweepState, isOlder: (trial: TrialState) => boolean = () => false) {
    this.rule = rule;
    this.state = state;
    for (const { id, config } of state.plan.cells) {
      // Other images are another task, whatever else is alike.
      const key = canonicalJson([config.data, ...rule.within.map((name) => valueAt(config, name) ?? null)]);
      const arm = this.arms.get(key) ?? new ArmRecord();
      this.arms.set(key, arm);
      this.armOfCell.set(id, arm);
    }
    for (const trial of state.trials) {
      if (isOlder(trial)) continue;
      const { id, status, epochs } = trial;
      for (const { epoch, validation } of epochs) this.add(id, epoch, validation);
      if (status === 'done') this.finished(id);
    }
  }

  /** A trial has ended an epoch; the event that ends the trial, if it is to go no further. */
  epochEnded({ trial, attempt, epoch, step, validation }: TrialEventOf<'epoch'>): PrunedEvent | undefined {
    this.add(trial, epoch, validation);
    // One whose loss is no longer finite is about to say that it diverged: a result, which a rule must not hide.
    if (validation.crossEntropy === null || validation.penalty === null) return undefined;
    // At its last epoch a trial is done; before the first step there is nothing to compare. One that was pruned and has
    // been put back is wanted to its end.
    const { cell, pruning } = this.stateOf(trial);
    const { epochs } = cellOf(this.state.plan, cell)!.config;
    if (epoch === 0 || epoch >= epochs || pruning !== null) return undefined;
    const { rule, metric } = this.rule;
    const verdict = judge(this.rule, this.armOf(trial), trial, epoch);
    if (verdict === undefined) return undefined;
    const [value, threshold] = [metricOf(verdict.value, metric), metricOf(verdict.threshold, metric)];
    return { type: 'pruned', trial, attempt, epoch, step, rule, metric, value, threshold, peers: verdict.peers };
  }

  /** A trial was trained to its end. */
  finished(trial: string): void {
    this.armOf(trial).finish(trial);
  }

  private add(trial: string, epoch: number, validation: Metrics): void {
    if (epoch > 0) this.armOf(trial).add(trial, epoch, scoreOf(validation, this.rule.metric));
  }

  private armOf(trial: string): ArmRecord {
    return this.armOfCell.get(this.stateOf(trial).cell)!;
  }

  private stateOf(trial: string) {
    const state = trialOf(this.state, trial);
    if (state === undefined) throw new Error(`trial ${trial} is not in the plan`);
    return state;
  }
}

/** Less is better; what is not finite is worse than everything. */
function scoreOf(validation: Metrics, metric: PruningMetric): number {
  const value = validation[metric];
  if (value === null) return Number.POSITIVE_INFINITY;
  return metric === 'accuracy' ? -value : value;
}

function metricOf(score: number, metric: PruningMetric): number | null {
  if (!Number.isFinite(score)) return null;
  return metric === 'accuracy' ? -score : score;
}
