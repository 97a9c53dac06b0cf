import {
  type Course,
  isFinished,
  type StepCurve,
  type SweepEvent,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';

/** What a trial lacks: what it has recorded up to this epoch, and before this step. */
interface Gap {
  epoch: number;
  step: number;
}

/** Of a trial that the page has seen nothing of since the snapshot. */
const ALL: Gap = { epoch: Number.POSITIVE_INFINITY, step: Number.POSITIVE_INFINITY };

/**
 * Trials that had finished when a thin snapshot was taken, of which the page has the last epoch and not how they came to it, and
 * those of them that are to be fetched. Emits `want` when there are more of these.
 *
 * One that is put back and goes on from its checkpoint still lacks what came before that: its events tell only the rest.
 */
export class MissingCourses extends EventTarget {
  private missing = new Map<number, Gap>();
  private wanted = new Set<number>();

  /** Begins anew with a snapshot. */
  begin({ trials }: SweepState, isThin: boolean): void {
    this.missing = new Map(
      isThin ? trials.filter(({ status }) => isFinished(status)).map(({ index }) => [index, ALL]) : [],
    );
    this.wanted = new Set();
  }

  /** Whether the trial's course, or its beginning, is still to come. */
  has({ index }: Pick<TrialState, 'index'>): boolean {
    return this.missing.has(index);
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

  /** Takes note of an event that the trial's state has already. */
  observe(event: SweepEvent, trial: TrialState): void {
    const gap = this.missing.get(trial.index);
    if (gap === undefined) return;
    const resumed = event.type === 'started' ? (event.resumed ?? null) : null;
    if (resumed !== null) {
      const { epoch, step } = resumed;
      this.missing.set(trial.index, { epoch: Math.min(gap.epoch, epoch), step: Math.min(gap.step, step) });
      // Nobody who shows how far a trial is asks for its course, and what it had last may have been taken back.
      this.want([trial]);
    } else if (event.type === 'started' || (event.type === 'requeued' && event.anew === true)) {
      // From nothing: the events tell all of it.
      this.missing.delete(trial.index);
      this.wanted.delete(trial.index);
    }
  }

  /**
   * Puts courses into their trials and returns which got one. What a trial has got from events stays; before that, an older
   * attempt was the same to the bit. Of a newer one the page has yet to hear, and until then may not know that it began anew.
   */
  fill({ trials }: SweepState, courses: readonly Course[]): TrialState[] {
    this.drop(courses.map(({ index }) => index));
    return courses.flatMap((course) => {
      const trial = trials[course.index];
      const gap = this.missing.get(course.index);
      if (trial === undefined || gap === undefined || course.attempt > trial.attempt) return [];
      this.missing.delete(course.index);
      const begun = course.epochs.filter(({ epoch }) => epoch <= gap.epoch);
      trial.epochs = [...begun, ...trial.epochs.filter(({ epoch }) => epoch > gap.epoch)];
      for (const key of Object.keys(trial.curve) as (keyof StepCurve)[]) {
        trial.curve[key] = joined(course.curve[key], trial.curve[key], gap.step);
      }
      return [trial];
    });
  }
}

/** The first steps of one list, up to `end`, and what another one has from there on. */
function joined<T>(first: readonly T[], rest: readonly T[], end: number): T[] {
  const whole = rest.slice();
  for (let step = 0; step < first.length && step < end; step++) whole[step] = first[step]!;
  return whole;
}
