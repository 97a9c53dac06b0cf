import { type RecordedEvent, RemainingTime, type SweepState, sweepProgress, type TrialState } from '@l2bn/core/sweep';

interface Start {
  at: number;
  step: number;
  /** When its last steps were recorded. */
  last: number;
}

/** How long a sweep and its trials still take, from the times in the ledger. Told of every event, in order. */
export class Pace {
  private readonly starts = new Map<string, Start>();
  private remaining = new RemainingTime();

  /** `state` is the state after the event. */
  observe({ at, event }: RecordedEvent, state: SweepState, trial: TrialState | undefined): void {
    if (event.type === 'phase') {
      // Engines at work from here on. What an earlier run of the sweep did says nothing about the speed of this one.
      if (event.phase !== 'running') return;
      this.remaining = new RemainingTime();
      this.remaining.estimate(sweepProgress(state).fraction, at);
    } else if (event.type === 'started' && trial !== undefined) {
      this.starts.set(event.trial, { at, step: trial.step, last: at });
    } else if (event.type === 'steps' || event.type === 'epoch') {
      const start = this.starts.get(event.trial);
      if (start !== undefined) start.last = at;
    }
  }

  /** Time in ms until the sweep ends; null while there is no pace. */
  ofSweep(state: SweepState, now: number): number | null {
    const left = this.remaining.estimate(sweepProgress(state).fraction, state.at);
    return left === null ? null : Math.max(0, left - (now - state.at));
  }

  /** Time in ms until a running trial ends; null while there is no pace. */
  ofTrial({ id, step, totalSteps }: TrialState, now: number): number | null {
    const start = this.starts.get(id);
    if (start === undefined || step <= start.step || start.last <= start.at) return null;
    const perStep = (start.last - start.at) / (step - start.step);
    return Math.max(0, perStep * (totalSteps - step) - (now - start.last));
  }
}
