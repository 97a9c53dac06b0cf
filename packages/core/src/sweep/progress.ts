import type { RecordedEvent } from './events.ts';
import { isFinished, type SweepState } from './state.ts';

export interface SweepProgress {
  /** Trials for which nothing more is done: done, diverged, pruned, failed or cancelled. */
  finished: number;
  total: number;
  /** Steps done of all steps, 0…1; trials that have not started count with the mean length of those that have. */
  fraction: number;
}

export function sweepProgress({ trials }: SweepState): SweepProgress {
  let finished = 0;
  let done = 0;
  let known = 0;
  let knownSteps = 0;
  for (const trial of trials) {
    const over = isFinished(trial.status);
    if (over) finished++;
    if (trial.totalSteps > 0) {
      known++;
      knownSteps += trial.totalSteps;
      // A trial that diverged early has no steps left to do.
      done += over ? trial.totalSteps : trial.step;
    } else if (over) {
      known++;
    }
  }
  const all = known === 0 ? 0 : (knownSteps / known) * trials.length;
  return { finished, total: trials.length, fraction: finished === trials.length ? 1 : all === 0 ? 0 : done / all };
}

/**
 * Longest time between two looks at the clock that counts, in ms. What is longer was a machine that slept or a clock that was
 * set; a clock that went back counts for nothing.
 */
const LONGEST_GAP = 10 * 60_000;

/** Time that passes on a wall clock which may be set at any moment: the sum of what passes from look to look. */
export class PassedTime {
  private last: number | undefined;
  private sum = 0;

  /** Time in ms since the first look. */
  look(now: number): number {
    this.sum += timeBetween(this.last ?? now, now);
    this.last = now;
    return this.sum;
  }
}

/** Time in ms from `before` to `now` by a wall clock that may have been set in between: 0 where that cannot be. */
export const timeBetween = (before: number, now: number): number => {
  const gap = now - before;
  return gap > 0 && gap <= LONGEST_GAP ? gap : 0;
};

/** Share of a sweep below which the first progress that is seen are its first steps. */
const FIRST_STEPS = 0.1;
/** Time in ms from which a pace is worth telling. */
const SETTLED = 3_000;

/**
 * Time left in ms, from the pace since the watch began: what was done before — by an earlier run of the same sweep — says
 * nothing about how fast this one is. Null until a pace has been seen for some seconds; for whoever asks often that is without
 * the first steps, which take in loading and compiling. Told the time often, at least every few minutes.
 */
export class RemainingTime {
  private start: number | undefined;
  private passed = new PassedTime();
  /** How often it was asked since the start before anything had been done; undefined once something has. */
  private idle: number | undefined = 0;

  /** Notes what time it is, where no estimate is wanted. */
  look(now: number): void {
    this.passed.look(now);
  }

  estimate(fraction: number, now: number): number | null {
    if (this.start === undefined || fraction < this.start) {
      this.start = fraction;
      this.passed = new PassedTime();
      this.idle = 0;
    }
    const gained = fraction - this.start;
    const elapsed = this.passed.look(now);
    if (gained === 0) {
      if (this.idle !== undefined) this.idle++;
      return null;
    }
    const { idle } = this;
    this.idle = undefined;
    // Asked at the start and again, then now: these are the first steps, as they come in, and the pace counts from here.
    if (gained < FIRST_STEPS && idle !== undefined && idle > 1) {
      this.start = fraction;
      this.passed = new PassedTime();
      this.passed.look(now);
      return null;
    }
    return elapsed >= SETTLED ? (elapsed / gained) * (1 - fraction) : null;
  }
}

/**
 * Time that a sweep still takes, for whoever watches its events, by the times that these hold. The pace counts from the last
 * time that engines came to work: what an earlier run, or this one before a pause or with other workers, did in its time says
 * nothing about how fast it is now.
 */
export class SweepPace {
  private remaining = new RemainingTime();

  /** Watches from this state on. */
  begin(state: SweepState): void {
    this.remaining = new RemainingTime();
    this.remaining.estimate(sweepProgress(state).fraction, state.at);
  }

  /** `state` is the state after the event. */
  observe({ at, event }: RecordedEvent, state: SweepState): void {
    if (event.type === 'phase' && event.phase === 'running') this.begin(state);
    else this.remaining.look(at);
  }

  /** Time in ms from `now` until the sweep ends; null while there is no pace. */
  left(state: SweepState, now: number): number | null {
    const left = this.remaining.estimate(sweepProgress(state).fraction, state.at);
    return left === null ? null : Math.max(0, left - timeBetween(state.at, now));
  }
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
