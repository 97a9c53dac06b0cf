import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import {
  InputError,
  initialState,
  type RecordedEvent,
  type SweepEvent,
  type SweepPlan,
  SweepReducer,
  type SweepState,
} from '@l2bn/core/sweep';
import { type HostExit, HostProcess } from '../engine/host-process.ts';
import type { FromHost, FromHostOf } from '../engine/messages.ts';
import { Ledger } from '../ledger/ledger.ts';
import { distinctData } from '../plan/distinct-data.ts';
import { deferred } from './deferred.ts';
import { Scheduler } from './scheduler.ts';

export interface CoordinatorOptions {
  plan: SweepPlan;
  /** Folder of results. */
  folder: string;
  /** What relative paths in the configuration are relative to. */
  baseDirectory: string;
  workers: number;
  retries: number;
}

/** How a sweep ended. `broken` is an environment that cannot train; its `reason` says why. */
export type Outcome = { status: 'finished' | 'stopped' } | { status: 'broken'; reason: string };

/** Hosts that die before they are ready: after so many in a row it is not the trials' fault. */
const MAX_FAILED_STARTS = 2;

interface CoordinatorEvents {
  /** Events that are now durable, in order; `state` has them already. */
  events: [RecordedEvent[]];
}

/**
 * Runs a sweep: leases trials to the engine host, writes what they report to the ledger, restarts a host that dies. It
 * holds no TensorFlow. Everything that anybody sees goes through the ledger first.
 */
export class Coordinator extends EventEmitter<CoordinatorEvents> {
  private readonly options: CoordinatorOptions;
  private readonly ledger: Ledger;
  private readonly reducer: SweepReducer;
  private readonly scheduler: Scheduler;
  private readonly outcome = deferred<Outcome>();
  private host: HostProcess | undefined;
  private isReady = false;
  private isStopping = false;
  private hasEnded = false;
  private failedStarts = 0;

  /** Opens the ledger. Throws `InputError` or `LedgerInUseError` when the folder cannot be used. */
  constructor(options: CoordinatorOptions) {
    super();
    this.options = options;
    this.ledger = Ledger.open(options.folder, options.plan, {
      onCommit: (events) => this.publish(events),
      onError: (error) => this.end({ status: 'broken', reason: `the ledger cannot be written: ${error.message}` }),
    });
    this.reducer = new SweepReducer(initialState(options.plan));
    for (const event of this.ledger.eventsAfter(0)) this.reducer.apply(event);
    this.closeOldAttempts();
    this.scheduler = new Scheduler(this.reducer, options);
  }

  get state(): SweepState {
    return this.reducer.state;
  }

  /** Durable events after `seq`, oldest first. */
  eventsAfter(seq: number, limit: number): RecordedEvent[] {
    return [...this.ledger.eventsAfter(seq, limit)];
  }

  /** Runs what is not done yet. Rejects with `InputError` when the data or a model cannot be used. */
  async run(): Promise<Outcome> {
    if (this.scheduler.isIdle) {
      if (this.state.phase !== 'finished') this.record({ type: 'phase', phase: 'finished' });
      return { status: 'finished' };
    }
    this.record({ type: 'phase', phase: 'preparing', detail: 'loading data and TensorFlow' });
    this.startHost();
    return this.outcome.promise;
  }

  /** Ends the running trials at their next step; `run` then resolves with `stopped`. */
  stop(): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.record({ type: 'phase', phase: 'stopping', detail: 'finishing the running steps' });
    if (this.isReady) this.host?.send({ type: 'stop' });
    this.endIfIdle();
  }

  /** Ends at once; running trials are recorded as interrupted. */
  kill(): void {
    this.isStopping = true;
    this.host?.kill();
  }

  /** Releases the folder. */
  async close(): Promise<void> {
    await this.host?.shutdown();
    this.ledger.close();
  }

  private record(event: SweepEvent): void {
    this.ledger.append(event);
  }

  private publish(events: RecordedEvent[]): void {
    for (const event of events) this.reducer.apply(event);
    this.emit('events', events);
  }

  /** Attempts that an earlier coordinator left running when it was killed. */
  private closeOldAttempts(): void {
    for (const { id, status, attempt } of this.state.trials) {
      if (status !== 'leased' && status !== 'running') continue;
      this.record({ type: 'interrupted', trial: id, attempt, reason: 'the sweep was killed' });
    }
  }

  private startHost(): void {
    const { folder, plan, baseDirectory, workers } = this.options;
    this.isReady = false;
    this.host = new HostProcess({
      logFile: join(folder, 'engine.log'),
      onMessage: (message) => this.receive(message),
      onExit: (exit) => this.hostEnded(exit),
    });
    this.host.send({
      type: 'prepare',
      data: distinctData(plan),
      baseDirectory,
      workers,
      checkpoints: join(folder, 'checkpoints'),
    });
  }

  private receive(message: FromHost): void {
    switch (message.type) {
      case 'ready':
        this.hostReady(message);
        return;
      case 'event':
        // What a trial reports after its attempt has ended is a zombie's.
        if (this.scheduler.holds(message.event.trial, message.event.attempt)) this.record(message.event);
        return;
      case 'ended':
        this.attemptEnded(message);
        return;
      case 'refused':
        this.outcome.reject(new InputError(...message.problems));
        return;
      case 'broken':
        this.host?.kill();
        this.end({ status: 'broken', reason: message.error });
    }
  }

  private hostReady({ datasets, workers }: FromHostOf<'ready'>): void {
    this.isReady = true;
    this.failedStarts = 0;
    const detail = datasets
      .map(({ name, train, validation, classes }) => `${name}: ${train} + ${validation} images, ${classes} classes`)
      .join('; ');
    if (this.isStopping) {
      this.endIfIdle();
      return;
    }
    this.record({ type: 'phase', phase: 'running', detail, workers });
    this.leaseWork();
  }

  private leaseWork(): void {
    while (!this.isStopping && this.isReady) {
      const lease = this.scheduler.lease();
      if (lease === undefined) break;
      const { trial, attempt, worker } = lease;
      // On disk before the host hears of it: whatever dies now, the attempt is known.
      this.record({ type: 'leased', trial: trial.id, attempt, worker });
      const cell = this.options.plan.cells.find(({ id }) => id === trial.cell)!;
      const resumeFrom = this.reducer.trial(trial.id)?.checkpoint?.epoch ?? null;
      this.host?.send({
        type: 'run',
        trial: trial.id,
        attempt,
        worker,
        seed: trial.seed,
        config: cell.config,
        resumeFrom,
      });
    }
    this.endIfIdle();
  }

  private attemptEnded({ trial, attempt, outcome, error, stack }: FromHostOf<'ended'>): void {
    if (!this.scheduler.holds(trial, attempt)) return;
    if (outcome === 'finished') {
      this.scheduler.finish(trial);
    } else if (outcome === 'stopped') {
      this.scheduler.stop(trial);
      this.record({ type: 'interrupted', trial, attempt, reason: 'stopped by the user' });
    } else if (this.scheduler.fail(trial) === 'retry') {
      this.record({ type: 'interrupted', trial, attempt, reason: `it threw: ${error}` });
    } else {
      this.record({ type: 'failed', trial, attempt, error, stack });
    }
    this.leaseWork();
  }

  private hostEnded({ reason, output }: HostExit): void {
    const wasReady = this.isReady;
    this.isReady = false;
    this.host = undefined;
    for (const { trial, attempt } of this.scheduler.running) {
      if (this.scheduler.loseHost(trial.id) === 'retry') {
        this.record({ type: 'interrupted', trial: trial.id, attempt, reason: `the engine host ended: ${reason}` });
      } else {
        const error = `the engine host ended three times in a row under this trial: ${reason}`;
        this.record({ type: 'failed', trial: trial.id, attempt, error, stack: output });
      }
    }
    if (this.isStopping || this.scheduler.isIdle) {
      this.endIfIdle();
      return;
    }
    if (!wasReady && ++this.failedStarts >= MAX_FAILED_STARTS) {
      this.end({ status: 'broken', reason: `the engine host ended before it was ready: ${reason}\n${output}` });
      return;
    }
    this.record({ type: 'phase', phase: 'preparing', detail: `starting the engine host again (${reason})` });
    this.startHost();
  }

  private endIfIdle(): void {
    if (this.hasEnded) return;
    if (this.isStopping && this.scheduler.running.length === 0) {
      this.record({ type: 'phase', phase: 'stopped', detail: 'run the same command to go on' });
      this.end({ status: 'stopped' });
    } else if (this.scheduler.isIdle) {
      this.record({ type: 'phase', phase: 'finished' });
      this.end({ status: 'finished' });
    }
  }

  private end(outcome: Outcome): void {
    this.hasEnded = true;
    this.outcome.resolve(outcome);
  }
}
