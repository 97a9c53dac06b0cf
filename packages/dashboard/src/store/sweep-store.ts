import {
  type Course,
  type RecordedEvent,
  SweepPace,
  SweepReducer,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';
import { MissingCourses } from './missing-courses.ts';

/** What changed since the last `change` of a `SweepStore`. */
export interface SweepChange {
  /** Ids of the trials that events were applied to. */
  trials: ReadonlySet<string>;
  /** The whole state was replaced by a snapshot. */
  replaced: boolean;
}

/** Runs `callback` once, soon. */
export type Scheduler = (callback: () => void) => void;

const HIDDEN_INTERVAL_MS = 1_000;

/** The next frame; a hidden page gets none, so there once a second, which keeps the title and the announcements going. */
const nextFrame: Scheduler = (callback) => {
  if (document.hidden) setTimeout(callback, HIDDEN_INTERVAL_MS);
  else requestAnimationFrame(callback);
};

/**
 * The sweep as the page knows it: the shared reducer, and one `change` event for all that a frame brought. Charts read
 * `state` directly; nothing here is copied per event.
 */
export class SweepStore extends EventTarget {
  /** How long the sweep still takes, from what this page has seen of it. */
  readonly pace = new SweepPace();
  /** What a thin snapshot has left out, for panels to ask for. */
  readonly courses = new MissingCourses();
  private reducer: SweepReducer | null = null;
  private readonly schedule: Scheduler;
  private changed = new Set<string>();
  private replaced = false;
  private scheduled = false;

  /** `schedule` defaults to the next animation frame. */
  constructor(schedule: Scheduler = nextFrame) {
    super();
    this.schedule = schedule;
  }

  /** `null` before the first snapshot. Changes in place: compare `seq` to see whether it did. */
  get state(): SweepState | null {
    return this.reducer?.state ?? null;
  }

  /** `seq` of the last event applied; 0 before the first. */
  get seq(): number {
    return this.state?.seq ?? 0;
  }

  trial(id: string): TrialState | undefined {
    return this.reducer?.trial(id);
  }

  /** Replaces everything. The store owns `state` from here on. @param isThin finished trials are without their courses */
  load(state: SweepState, isThin = false): void {
    this.reducer = new SweepReducer(state);
    this.courses.begin(state, isThin);
    this.pace.begin(state);
    this.replaced = true;
    this.announce();
  }

  /**
   * Applies the events that follow `seq` and returns how many. Stops at the first gap: an event applied out of order
   * would leave counts that never become right again.
   */
  apply(events: readonly RecordedEvent[]): { applied: number; gap: boolean } {
    const { reducer } = this;
    if (reducer === null) return { applied: 0, gap: true };
    let applied = 0;
    let gap = false;
    for (const event of events) {
      if (event.seq <= reducer.state.seq) continue;
      if (event.seq !== reducer.state.seq + 1) {
        gap = true;
        break;
      }
      const trial = reducer.apply(event);
      this.pace.observe(event, reducer.state);
      if (trial !== undefined) {
        this.courses.observe(event.event, trial);
        this.changed.add(trial.id);
      }
      applied++;
    }
    if (applied > 0) this.announce();
    return { applied, gap };
  }

  /** Completes trials that came without their course. */
  fill(courses: readonly Course[]): void {
    if (this.state === null) return;
    const filled = this.courses.fill(this.state, courses);
    for (const { id } of filled) this.changed.add(id);
    if (filled.length > 0) this.announce();
  }

  private announce(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => {
      this.scheduled = false;
      const detail: SweepChange = { trials: this.changed, replaced: this.replaced };
      this.changed = new Set();
      this.replaced = false;
      this.dispatchEvent(new CustomEvent<SweepChange>('change', { detail }));
    });
  }
}
