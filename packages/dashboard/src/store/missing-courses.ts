import { type Course, isFinished, type SweepState, type TrialState } from '@l2bn/core/sweep';

/**
 * Finished trials of a thin snapshot, of which the page has the last epoch and not how they came to it, and those of them that
 * a panel wants to show. Emits `want` when there are more of these.
 */
export class MissingCourses extends EventTarget {
  private missing = new Set<number>();
  private wanted = new Set<number>();

  /** Begins anew with a snapshot. */
  begin({ trials }: SweepState, isThin: boolean): void {
    this.missing = new Set(isThin ? trials.filter(({ status }) => isFinished(status)).map(({ index }) => index) : []);
    this.wanted = new Set();
  }

  /** Whether the trial's course is still to come. One that runs again is a new course, which comes as events. */
  has({ index, status }: TrialState): boolean {
    return this.missing.has(index) && isFinished(status);
  }

  /** Whether any that is wanted is still to come. */
  get isWaiting(): boolean {
    return this.wanted.size > 0;
  }

  /** Asks for the courses of these trials, where they are missing. */
  want(trials: readonly TrialState[]): void {
    if (this.missing.size === 0) return;
    const before = this.wanted.size;
    for (const trial of trials) if (this.has(trial)) this.wanted.add(trial.index);
    if (this.wanted.size > before) this.dispatchEvent(new Event('want'));
  }

  /** Up to `most` of those that are wanted. */
  next(most: number): number[] {
    return [...this.wanted].slice(0, most);
  }

  /** Those are no longer wanted: there is an answer, or there will be none. */
  drop(indices: readonly number[]): void {
    for (const index of indices) this.wanted.delete(index);
  }

  /**
   * Puts courses into their trials and returns which got one. A trial that has begun again since has another course than the one
   * that was sent.
   */
  fill({ trials }: SweepState, courses: readonly Course[]): TrialState[] {
    this.drop(courses.map(({ index }) => index));
    return courses.flatMap(({ index, attempt, epochs, curve }) => {
      const trial = trials[index];
      if (trial === undefined || !this.has(trial) || trial.attempt !== attempt) return [];
      this.missing.delete(index);
      return Object.assign(trial, { epochs, curve });
    });
  }
}
