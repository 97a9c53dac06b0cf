import {
  cellOf,
  isFinished,
  type SweepEvent,
  type SweepPlan,
  type SweepReducer,
  type TrialEvent,
} from '@l2bn/core/sweep';
import type { Engine } from '../engine/engine-supervisor.ts';
import { HangDetector } from '../engine/hang-detector.ts';
import type { HostExit } from '../engine/host-process.ts';
import type { FromHostOf } from '../engine/messages.ts';
import type { PrunedEvent, Pruner } from './pruning/pruner.ts';
import type { Lease, Scheduler } from './scheduler.ts';

export interface AttemptsOptions {
  plan: SweepPlan;
  reducer: SweepReducer;
  scheduler: Scheduler;
  engine: Engine;
  pruner: Pruner | undefined;
  /** Seconds without a word from a running trial. */
  hangTimeout: number;
  record: (event: SweepEvent) => void;
  /** A trial has ended, and its attempt too. */
  onOver: (trial: string) => void;
  /** A trial has failed for good. */
  onFailed: () => void;
  /** The host dies under every trial, and none has trained a step in this run. */
  onNothingTrains: (reason: string) => void;
  /** A trial has not said anything for `hangTimeout`. */
  onHang: (trial: string) => void;
}

/** The attempts that run: starts them, takes in what they report, and settles what becomes of a trial when one ends. */
export class Attempts {
  private readonly options: AttemptsOptions;
  private readonly hangs: HangDetector;
  /** Whether anything was trained in this run. */
  private hasTrained = false;
  /** Trials that were given up in this run because hosts died under them. */
  private readonly hostKillers = new Set<string>();
  /** Reports that came after their attempt had ended. */
  private droppedCount = 0;

  constructor(options: AttemptsOptions) {
    this.options = options;
    this.hangs = new HangDetector(options.hangTimeout, options.onHang);
  }

  start({ trial, attempt, worker }: Lease): void {
    const { plan, reducer, engine, record } = this.options;
    const { id, seed, cell } = trial;
    const resumeFrom = reducer.trial(id)?.checkpoint ?? null;
    // On disk before the host hears of it: whatever dies now, the attempt is known.
    record({ type: 'leased', trial: id, attempt, worker });
    this.hangs.heard(id);
    engine.run({ trial: id, attempt, worker, seed, config: cellOf(plan, cell)!.config, resumeFrom });
  }

  /** A running trial reports. */
  receive(event: TrialEvent): void {
    const { scheduler, pruner, record } = this.options;
    // What a trial reports after its attempt has ended is a zombie's.
    if (!scheduler.holds(event.trial, event.attempt)) {
      this.droppedCount++;
      return;
    }
    // After its result is recorded it comes too late: until its next step has ended, that of a trial that was cancelled.
    if (this.hasResult(event.trial)) return;
    this.hasTrained ||= isTraining(event);
    this.hangs.heard(event.trial);
    if (event.type === 'checkpoint') scheduler.noteProgress(event.trial, event.epoch);
    record(event);
    if (event.type === 'checkpoint') this.acknowledge(event.trial);
    if (event.type === 'done') pruner?.finished(event.trial);
    if (event.type === 'epoch') this.prune(pruner?.epochEnded(event));
  }

  /** Ends a running trial at its next step, for good. On disk before it is answered, whatever dies until then. */
  cancel(trial: string): void {
    const { reducer, engine, record } = this.options;
    record({ type: 'cancelled', trial, attempt: reducer.trial(trial)!.attempt });
    engine.stop(trial, true);
  }

  /** An attempt has ended; nothing more comes from it. */
  ended({ trial, attempt, outcome, error, stack }: FromHostOf<'ended'>): void {
    const { scheduler, record } = this.options;
    if (!scheduler.holds(trial, attempt) || this.settle(trial, outcome === 'finished')) return;
    if (outcome === 'stopped') {
      scheduler.stop(trial);
      record({ type: 'interrupted', trial, attempt, reason: 'stopped by the user' });
    } else if (outcome === 'threw' && scheduler.fail(trial) === 'retry') {
      record({ type: 'interrupted', trial, attempt, reason: `it threw: ${error}` });
    } else {
      if (outcome === 'refused') scheduler.finish(trial);
      this.giveUp(trial, attempt, error, stack);
    }
  }

  /** The host has ended, and with it all that ran. */
  hostLost({ reason, output }: HostExit): void {
    const { scheduler, record } = this.options;
    for (const { trial, attempt } of scheduler.running) {
      const { id } = trial;
      if (this.settle(id, false)) continue;
      if (scheduler.loseHost(id) === 'retry') {
        record({ type: 'interrupted', trial: id, attempt, reason: `the engine host ended: ${reason}` });
      } else {
        this.blame(id, attempt, reason, output);
      }
    }
  }

  /** The user has killed the host; that is no fault of what ran on it. */
  killed(reason: string): void {
    const { scheduler, record } = this.options;
    for (const { trial, attempt } of scheduler.running) {
      if (this.settle(trial.id, false)) continue;
      scheduler.stop(trial.id);
      record({ type: 'interrupted', trial: trial.id, attempt, reason });
    }
  }

  /** Reports of attempts that had ended, none of which has changed anything. */
  get dropped(): number {
    return this.droppedCount;
  }

  close(): void {
    this.hangs.stop();
  }

  /** What is the same however an attempt ends; true if nothing is left to be decided. */
  private settle(trial: string, hasEnded: boolean): boolean {
    this.hangs.forget(trial);
    // Recorded is recorded: what dies on the way to its end after that costs the trial nothing.
    if (!hasEnded && !this.hasResult(trial)) return false;
    this.options.scheduler.finish(trial);
    // Not by `hasEnded`: what the ledger has not taken did not happen.
    if (this.hasResult(trial)) this.options.onOver(trial);
    return true;
  }

  private hasResult(trial: string): boolean {
    return isFinished(this.options.reducer.trial(trial)!.status);
  }

  /** By the state, which only what is on disk has changed: the ledger may have broken. */
  private acknowledge(trial: string): void {
    const { reducer, engine } = this.options;
    const checkpoint = reducer.trial(trial)?.checkpoint;
    if (checkpoint) engine.recorded(trial, checkpoint.epoch);
  }

  private prune(event: PrunedEvent | undefined): void {
    if (event === undefined) return;
    this.options.record(event);
    this.options.engine.stop(event.trial, true);
  }

  /**
   * The hosts died of this trial, unless they die of every trial: then it is the machine, with too little memory perhaps, and
   * no trial shall have failed of that.
   */
  private blame(trial: string, attempt: number, reason: string, output: string): void {
    const { reducer, record, onNothingTrains } = this.options;
    const others = [...this.hostKillers].filter((id) => id !== trial && reducer.trial(id)!.status === 'failed');
    this.hostKillers.add(trial);
    if (this.hasTrained || others.length === 0) {
      this.giveUp(trial, attempt, `the engine host ended three times in a row under this trial: ${reason}`, output);
      return;
    }
    record({ type: 'interrupted', trial, attempt, reason: `the engine host ended: ${reason}` });
    for (const id of others) record({ type: 'requeued', trial: id, attempt: reducer.trial(id)!.attempt });
    onNothingTrains(
      `nothing can be trained here: the engine host ended three times in a row under each of two trials, and none has trained a step (${reason}). engine.log says more; where memory is limited (ulimit -v, a container), give it more`,
    );
  }

  private giveUp(trial: string, attempt: number, error: string, stack: string): void {
    this.options.record({ type: 'failed', trial, attempt, error, stack });
    if (this.hasResult(trial)) this.options.onOver(trial);
    this.options.onFailed();
  }
}

/** What only a trial says that has trained: the first evaluation comes before that. */
const isTraining = (event: TrialEvent): boolean =>
  event.type === 'steps' ||
  event.type === 'done' ||
  event.type === 'diverged' ||
  (event.type === 'epoch' && event.epoch > 0);
