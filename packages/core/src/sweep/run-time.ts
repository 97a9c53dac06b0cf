import type { SweepEvent } from './events.ts';
import { timeBetween } from './progress.ts';
import type { SweepState, TrialState } from './state.ts';

/**
 * Lets the sweep's own clock go on to the time of an event, before the event is applied. It stands still while no trial is
 * leased or running — between a stop and the next start, in a pause once the running trials have ended — and over gaps that
 * are no time at all (`timeBetween`).
 *
 * A coordinator that is killed says nothing of it. What the next one, or `l2bn retry`, writes first is that the old attempts
 * were interrupted or that trials are put back: what lies before such an event may be a night, so it does not count, at the
 * cost of one step where the sweep was alive.
 */
export function passRunTime(state: SweepState, at: number, { type }: SweepEvent): void {
  const { running, leased } = state.counts;
  if (running + leased === 0 || type === 'interrupted' || type === 'requeued') return;
  state.runTime += timeBetween(state.at, at);
}

/** Starts and ends the attempt of a trial on the sweep's clock, after the event was applied. */
export function clockTrial({ runTime }: SweepState, trial: TrialState, { type }: SweepEvent): void {
  if (trial.runSince !== null && (type === 'started' || trial.status !== 'running')) {
    trial.runTime += runTime - trial.runSince;
    trial.runSince = null;
  }
  if (type === 'started') trial.runSince = runTime;
}

/**
 * Time in ms that a trial has run until `now` (ms since 1970), in all its attempts; null before the first. What comes after
 * the last event counts for a trial that runs.
 */
export function runTimeOf(state: SweepState, trial: TrialState, now: number): number | null {
  if (trial.startedAt === null) return null;
  if (trial.runSince === null) return trial.runTime;
  return trial.runTime + state.runTime - trial.runSince + timeBetween(state.at, now);
}
