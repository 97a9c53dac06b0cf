import { cellOf, type SweepEvent, type SweepPlan, type SweepReducer, type TrialEvent } from '@l2bn/core/sweep';
import type { Engine } from '../engine/engine-supervisor.ts';
import type { HostExit } from '../engine/host-process.ts';
import type { FromHostOf } from '../engine/messages.ts';
import { HangDetector } from './hang-detector.ts';
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
  /** A trial has failed for good. */
  onFailed: () => void;
  /** A trial has not said anything for `hangTimeout`. */
  onHang: (trial: string) => void;
}

/** The attempts that run: starts them, takes in what they report, and settles what becomes of a trial when one ends. */
export class Attempts {
  private readonly options: AttemptsOptions;
  private readonly hangs: HangDetector;
  /** Running trials that a user has cancelled; recorded once the attempt has ended. */
  private readonly cancelled = new Set<string>();
  /** Pruned trials whose attempt has not ended yet: their record is closed, and what they still say comes too late. */
  private readonly pruned = new Set<string>();

  constructor(options: AttemptsOptions) {
    this.options = options;
    this.hangs = new HangDetector(options.hangTimeout, options.onHang);
  }

  start({ trial, attempt, worker }: Lease): void {
    const { plan, reducer, engine, record } = this.options;
    const { id, seed, cell } = trial;
    const resumeFrom = reducer.trial(id)?.checkpoint?.epoch ?? null;
    // On disk before the host hears of it: whatever dies now, the attempt is known.
    record({ type: 'leased', trial: id, attempt, worker });
    this.hangs.heard(id);
    engine.run({ trial: id, attempt, worker, seed, config: cellOf(plan, cell)!.config, resumeFrom });
  }

  /** A running trial reports. */
  said(event: TrialEvent): void {
    const { scheduler, pruner, record } = this.options;
    // What a trial reports after its attempt has ended is a zombie's.
    if (!scheduler.holds(event.trial, event.attempt) || this.pruned.has(event.trial)) return;
    this.hangs.heard(event.trial);
    if (event.type === 'checkpoint') scheduler.noteProgress(event.trial, event.epoch);
    record(event);
    if (event.type === 'done') pruner?.finished(event.trial);
    if (event.type === 'epoch') this.prune(pruner?.epochEnded(event));
  }

  /** Ends a running trial at its next step, for good. */
  cancel(trial: string): void {
    this.cancelled.add(trial);
    this.options.engine.stop(trial);
  }

  /** An attempt has ended; nothing more comes from it. */
  ended({ trial, attempt, outcome, error, stack }: FromHostOf<'ended'>): void {
    const { scheduler, record } = this.options;
    if (!scheduler.holds(trial, attempt) || this.settle(trial, attempt, outcome === 'finished')) return;
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
      if (this.settle(id, attempt, false)) continue;
      if (scheduler.loseHost(id) === 'retry') {
        record({ type: 'interrupted', trial: id, attempt, reason: `the engine host ended: ${reason}` });
      } else {
        this.giveUp(id, attempt, `the engine host ended three times in a row under this trial: ${reason}`, output);
      }
    }
  }

  close(): void {
    this.hangs.stop();
  }

  /** What is the same however an attempt ends; true if nothing is left to be decided. */
  private settle(trial: string, attempt: number, hasResult: boolean): boolean {
    const { scheduler, record } = this.options;
    this.hangs.forget(trial);
    const wasCancelled = this.cancelled.delete(trial);
    if (this.pruned.delete(trial) || hasResult) {
      scheduler.finish(trial);
      return true;
    }
    if (!wasCancelled) return false;
    scheduler.stop(trial);
    record({ type: 'cancelled', trial, attempt });
    return true;
  }

  private prune(event: PrunedEvent | undefined): void {
    if (event === undefined) return;
    this.options.record(event);
    this.pruned.add(event.trial);
    this.options.engine.stop(event.trial);
  }

  private giveUp(trial: string, attempt: number, error: string, stack: string): void {
    this.options.record({ type: 'failed', trial, attempt, error, stack });
    this.options.onFailed();
  }
}
