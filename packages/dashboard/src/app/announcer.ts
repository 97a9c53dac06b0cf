import { isFinished, type TrialState, type TrialStatus } from '@l2bn/core/sweep';
import type { SweepChange, SweepStore } from '../store/sweep-store.ts';
import { plural } from '../wording/format.ts';

/**
 * Collects what a listener should hear: trials that finished since the last time, by name those
 * that diverged or failed. Metrics are never announced; a screen reader could not keep up with them.
 */
export class Announcer {
  private known = new Map<string, TrialStatus>();
  private readonly store: SweepStore;
  private readonly nameOf: (trial: TrialState) => string;

  constructor(store: SweepStore, nameOf: (trial: TrialState) => string) {
    this.store = store;
    this.nameOf = nameOf;
  }

  /** What to say after a change; empty for nothing. */
  hear({ trials, replaced }: SweepChange): string {
    const { state } = this.store;
    if (state === null) return '';
    if (replaced) {
      this.known = new Map(state.trials.map(({ id, status }) => [id, status]));
      return '';
    }
    const bad: string[] = [];
    const quiet = { done: 0, pruned: 0, cancelled: 0 };
    for (const id of trials) {
      const trial = this.store.trial(id);
      if (trial === undefined || trial.status === this.known.get(id)) continue;
      this.known.set(id, trial.status);
      if (!isFinished(trial.status)) continue;
      if (trial.status in quiet) quiet[trial.status as keyof typeof quiet]++;
      else bad.push(`${this.nameOf(trial)} ${trial.status}.`);
    }
    const counts = Object.entries(quiet).flatMap(([status, count]) =>
      count > 0 ? `${plural(count, 'trial')} ${status}.` : [],
    );
    return [...counts, ...bad].join(' ');
  }
}
