import {
  PassedTime,
  type RecordedEvent,
  SweepPace,
  type SweepState,
  type TrialState,
  timeBetween,
} from '@l2bn/core/sweep';

interface Start {
  step: number;
  passed: PassedTime;
  /** When its last steps were recorded, and the time from its start to then. */
  last: number;
  elapsed: number;
}

/** How long a sweep and its trials still take, from the times in the ledger. Told of every event, in order. */
export class Pace {
  private readonly starts = new Map<string, Start>();
  private readonly sweep = new SweepPace();

  /** `state` is the state after the event. */
  observe(recorded: RecordedEvent, state: SweepState, trial: TrialState | undefined): void {
    this.sweep.observe(recorded, state);
    const { at, event } = recorded;
    if (event.type === 'started' && trial !== undefined) {
      const passed = new PassedTime();
      this.starts.set(event.trial, { step: trial.step, passed, last: at, elapsed: passed.look(at) });
    } else if (event.type === 'steps' || event.type === 'epoch') {
      const start = this.starts.get(event.trial);
      if (start === undefined) return;
      start.last = at;
      start.elapsed = start.passed.look(at);
    }
  }

  /** Time in ms until the sweep ends; null while there is no pace. */
  ofSweep(state: SweepState, now: number): number | null {
    return this.sweep.left(state, now);
  }

  /** Time in ms until a running trial ends; null while there is no pace. */
  ofTrial({ id, step, totalSteps }: TrialState, now: number): number | null {
    const start = this.starts.get(id);
    if (start === undefined || step <= start.step || start.elapsed <= 0) return null;
    const perStep = start.elapsed / (step - start.step);
    return Math.max(0, perStep * (totalSteps - step) - timeBetween(start.last, now));
  }
}
