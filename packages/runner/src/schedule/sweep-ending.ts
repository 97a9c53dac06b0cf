import type { InputError, SweepEvent } from '@l2bn/core/sweep';
import { deferred } from '../engine/deferred.ts';

/** How a sweep ended. `broken` is an environment that cannot train; its `reason` says why. */
export type Outcome = { status: 'finished' | 'stopped' } | { status: 'broken'; reason: string };

/** Who has ended a sweep before its last trial, and what the record says of it. */
export interface StopReason {
  /** Whether a user has asked for it, and not a rule of the sweep. */
  isAsked: boolean;
  /** What is recorded while the running steps end. */
  stopping: string;
  /** What is recorded of the end. @defaultValue nothing */
  stopped?: string;
}

export interface SweepEndingOptions {
  /** Whether every trial has ended for good. */
  isComplete: () => boolean;
  /** Whether a trial runs. */
  isRunning: () => boolean;
  record: (event: SweepEvent) => void;
}

/** How a sweep comes to its end: with its last trial, stopped before that, refused or broken off. */
export class SweepEnding {
  private readonly options: SweepEndingOptions;
  private outcome = deferred<Outcome>();
  private reason: StopReason | undefined;
  private hasEnded = false;

  constructor(options: SweepEndingOptions) {
    this.options = options;
  }

  /** Rejects with `InputError` when the sweep was refused. */
  get promise(): Promise<Outcome> {
    return this.outcome.promise;
  }

  /** Whether the sweep has ended. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  /** Whether nothing new is to start. */
  get isStopping(): boolean {
    return this.reason !== undefined;
  }

  /** Whether a user has asked for the end, though the last trial may have come to it first. */
  get isAsked(): boolean {
    return this.reason?.isAsked === true;
  }

  /** Nothing new starts from now on; false where that is so already. */
  stop(reason: StopReason): boolean {
    if (this.isStopping || this.isOver) return false;
    this.reason = reason;
    this.options.record({ type: 'phase', phase: 'stopping', detail: reason.stopping });
    return true;
  }

  /** As `stop`, for a host that is killed: there are no steps to wait for. */
  kill(): void {
    this.reason ??= { isAsked: true, stopping: '' };
  }

  /** Ends the sweep if nothing is left to run, or nothing runs that is to stop. */
  settle(): void {
    const { isComplete, isRunning, record } = this.options;
    if (this.isOver) return;
    // Asked first: where the last trial ended while the sweep was being stopped, there is nothing to go on with.
    if (isComplete()) {
      record({ type: 'phase', phase: 'finished' });
      this.end({ status: 'finished' });
    } else if (this.isStopping && !isRunning()) {
      const detail = this.reason?.stopped;
      record({ type: 'phase', phase: 'stopped', ...(detail === undefined ? {} : { detail }) });
      this.end({ status: 'stopped' });
    }
  }

  /** The sweep has ended so. */
  end(outcome: Outcome): void {
    this.hasEnded = true;
    this.outcome.resolve(outcome);
  }

  /** The user's input cannot be used. */
  refuse(error: InputError): void {
    this.options.record({ type: 'phase', phase: 'stopped', detail: 'its data or a model cannot be used' });
    this.hasEnded = true;
    this.outcome.reject(error);
  }

  /** A sweep that has come to its end is to go on, whatever has stopped it before. */
  reopen(): void {
    this.hasEnded = false;
    this.reason = undefined;
    this.outcome = deferred();
  }
}
