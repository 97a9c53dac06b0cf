import { isFinished, type PlannedTrial, type SweepReducer } from '@l2bn/core/sweep';

/** Host deaths in a row after which a trial is given up: it is then the trial that kills the host. */
export const MAX_HOST_DEATHS = 3;

export interface Lease {
  trial: PlannedTrial;
  attempt: number;
  worker: number;
}

interface SchedulerOptions {
  workers: number;
  retries: number;
  /** All trials, in the order in which they are to start. @defaultValue the plan's */
  order?: readonly PlannedTrial[];
}

/**
 * Decides what runs next: at most one trial per worker, in the order that it is given, interrupted ones first. Holds no timers and
 * does no I/O; the state of the trials is the reducer's.
 */
export class Scheduler {
  private readonly queue: PlannedTrial[];
  private readonly leases = new Map<string, Lease>();
  private readonly thrown = new Map<string, number>();
  private readonly deaths = new Map<string, number>();
  /** The last epoch that a trial ever reached. */
  private readonly furthest = new Map<string, number>();
  private readonly reducer: SweepReducer;
  private readonly retries: number;
  /** How many trials may run at the same time. */
  workers: number;
  /** While true nothing new starts. */
  isPaused = false;

  constructor(reducer: SweepReducer, { workers, retries, order = reducer.state.plan.trials }: SchedulerOptions) {
    this.reducer = reducer;
    this.retries = retries;
    // Taken from the end, so that `pop` is constant time.
    this.queue = order.filter(({ id }) => !isFinished(this.stateOf(id).status)).reverse();
    this.workers = workers;
  }

  /** Nothing runs and nothing waits: every trial has ended for good. */
  get isIdle(): boolean {
    return this.queue.length === 0 && this.leases.size === 0;
  }

  get running(): readonly Lease[] {
    return [...this.leases.values()];
  }

  /** The next trial for a free worker, if there are both. */
  lease(): Lease | undefined {
    const next = this.queue.at(-1);
    if (next === undefined || this.isPaused || this.leases.size >= this.workers || !this.mayJoin(next))
      return undefined;
    const trial = this.queue.pop()!;
    const lease = { trial, attempt: this.stateOf(trial.id).attempt + 1, worker: this.freeWorker() };
    this.leases.set(trial.id, lease);
    return lease;
  }

  /** Takes a waiting trial out of the queue; false if it does not wait. */
  drop(trial: string): boolean {
    const index = this.queue.findIndex(({ id }) => id === trial);
    if (index < 0) return false;
    this.queue.splice(index, 1);
    return true;
  }

  /** Puts a trial that was given up back, with its retries as new. */
  requeue(trial: PlannedTrial): void {
    this.thrown.delete(trial.id);
    this.deaths.delete(trial.id);
    this.queue.push(trial);
  }

  /** Whether this attempt is the one that runs; a zombie's is not. */
  holds(trial: string, attempt: number): boolean {
    return this.leases.get(trial)?.attempt === attempt;
  }

  /** The trial has its result. */
  finish(trial: string): void {
    this.release(trial);
    this.deaths.delete(trial);
  }

  /** The trial was stopped before its end: it waits again, in front. */
  stop(trial: string): void {
    this.queue.push(this.release(trial).trial);
  }

  /** The trial threw an error: `retry` puts it back in front, `give up` means that its retries are spent. */
  fail(trial: string): 'retry' | 'give up' {
    const lease = this.release(trial);
    const times = (this.thrown.get(trial) ?? 0) + 1;
    this.thrown.set(trial, times);
    if (times > this.retries) return 'give up';
    this.queue.push(lease.trial);
    return 'retry';
  }

  /** The trial has got further than before: what killed its hosts so far was not a wall that it runs into. */
  noteProgress(trial: string, epoch: number): void {
    if (epoch <= (this.furthest.get(trial) ?? -1)) return;
    this.furthest.set(trial, epoch);
    this.deaths.delete(trial);
  }

  /** The host died under the trial; that does not spend a retry. */
  loseHost(trial: string): 'retry' | 'give up' {
    const lease = this.release(trial);
    const times = (this.deaths.get(trial) ?? 0) + 1;
    this.deaths.set(trial, times);
    if (times >= MAX_HOST_DEATHS) return 'give up';
    this.queue.push(lease.trial);
    return 'retry';
  }

  /**
   * A host takes all its trials with it. One that was under it every time is suspect and runs alone from then on: either
   * it is cleared, or the next death is its own and not that of a neighbour.
   */
  private mayJoin(next: PlannedTrial): boolean {
    if (this.leases.size === 0) return true;
    return !this.isSuspect(next.id) && ![...this.leases.keys()].some((id) => this.isSuspect(id));
  }

  private isSuspect(trial: string): boolean {
    return (this.deaths.get(trial) ?? 0) >= MAX_HOST_DEATHS - 1;
  }

  private release(trial: string): Lease {
    const lease = this.leases.get(trial);
    if (lease === undefined) throw new Error(`trial ${trial} is not leased`);
    this.leases.delete(trial);
    return lease;
  }

  /** The lowest lane that no running trial has. */
  private freeWorker(): number {
    const taken = new Set([...this.leases.values()].map(({ worker }) => worker));
    let worker = 0;
    while (taken.has(worker)) worker++;
    return worker;
  }

  private stateOf(trial: string) {
    const state = this.reducer.trial(trial);
    if (state === undefined) throw new Error(`trial ${trial} is not in the plan`);
    return state;
  }
}
