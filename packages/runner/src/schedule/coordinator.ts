import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { ControlCommand, ControlReply, RecordedEvent, SweepEvent, SweepPlan, SweepState } from '@l2bn/core/sweep';
import { type Engine, type EngineEvents, type EngineOptions, EngineSupervisor } from '../engine/engine-supervisor.ts';
import type { HostExit } from '../engine/host-process.ts';
import type { FromHostOf } from '../engine/messages.ts';
import type { PruningRule } from '../plan/pruning.ts';
import { DEFAULT_HANG_TIMEOUT_S } from '../plan/sweep-file.ts';
import { Attempts } from './attempts.ts';
import { changedInputs, dataInputs, modelInputs } from './kept-inputs.ts';
import { removeLeftovers } from './leftovers.ts';
import { ModelVersions } from './model-versions.ts';
import { Pruner } from './pruning/pruner.ts';
import { impartialOrder } from './pruning/start-order.ts';
import { Scheduler } from './scheduler.ts';
import { SweepCommands } from './sweep-commands.ts';
import { type Outcome, type StopReason, SweepEnding } from './sweep-ending.ts';
import { SweepRecord } from './sweep-record.ts';

export interface CoordinatorOptions {
  plan: SweepPlan;
  /** Folder of results. */
  folder: string;
  /** Where the plan comes from, kept with it in the ledger. @defaultValue as it was */
  source?: string;
  /** What relative paths in the configuration are relative to. */
  baseDirectory: string;
  /** Trials at the same time. */
  workers: number;
  /** Most trials at the same time that `setWorkers` can ask for. @defaultValue `workers` */
  maxWorkers?: number;
  /** How often a trial that threw is tried again. */
  retries: number;
  /** Failed trials after which the sweep stops. @defaultValue never */
  stopAfterFailures?: number;
  /** Seconds without a word from a running trial after which its host is killed and it is tried again. @defaultValue 300 */
  hangTimeout?: number;
  /** Ends trials early that fall behind their arm. @defaultValue none is ended */
  pruning?: PruningRule;
  /** What a user types to go on with results that are there, for messages. @defaultValue as what it was begun with */
  resumeCommand?: () => string;
  /** Makes what runs the trials. @defaultValue an engine host in a process of its own */
  createEngine?: (options: EngineOptions, events: EngineEvents) => Engine;
}

interface CoordinatorEvents {
  /** Events that are now durable, in order; `state` has them already. */
  events: [RecordedEvent[]];
}

/**
 * Runs a sweep: leases trials to the engine host, writes what they report to the ledger, restarts a host that dies, hangs
 * or grows. It holds no TensorFlow. Everything that anybody sees goes through the ledger first.
 */
export class Coordinator extends EventEmitter<CoordinatorEvents> {
  private readonly options: CoordinatorOptions;
  private readonly sweep: SweepRecord;
  private readonly scheduler: Scheduler;
  /** Made before all else: a ledger can break as it is opened. */
  private readonly ending = new SweepEnding({
    isComplete: () => this.isComplete,
    isRunning: () => this.scheduler.running.length > 0,
    record: (event) => this.record(event),
  });
  private readonly commands: SweepCommands;
  private readonly engine: Engine;
  private readonly attempts: Attempts;
  private killedBecause: string | undefined;
  private isHostUp = false;
  /** Why the host is replaced, where that is no fault of its own. */
  private renewal: string | undefined;

  /** Opens the ledger. Throws `InputError` or `LedgerInUseError` when the folder cannot be used. */
  constructor(options: CoordinatorOptions) {
    super();
    this.options = options;
    this.sweep = new SweepRecord({
      ...options,
      onEvents: (events) => this.emit('events', events),
      onBroken: (reason) => this.breakOff(reason),
    });
    const { reducer } = this.sweep;
    const { plan, baseDirectory, pruning } = options;
    this.scheduler = new Scheduler(reducer, {
      ...options,
      order: pruning === undefined ? plan.trials : impartialOrder(plan.trials),
    });
    const versions = new ModelVersions((key) => this.sweep.kept(key));
    const createEngine = options.createEngine ?? ((...engine) => new EngineSupervisor(...engine));
    this.engine = createEngine(options, {
      onReady: (message) => this.engineReady(message),
      onEvent: (event) => this.attempts.receive(event),
      onEnded: (message) => {
        this.attempts.ended(message);
        this.leaseWork();
      },
      onLost: (exit) => this.engineLost(exit),
      onRefused: (error) => this.ending.refuse(error),
      onBroken: (reason) => this.breakOff(reason),
    });
    this.attempts = new Attempts({
      plan,
      reducer,
      scheduler: this.scheduler,
      engine: this.engine,
      pruner: pruning === undefined ? undefined : new Pruner(pruning, this.state, (trial) => versions.isOlder(trial)),
      hangTimeout: options.hangTimeout ?? DEFAULT_HANG_TIMEOUT_S,
      record: (event) => this.record(event),
      onOver: (trial) => this.cleanUp(trial),
      onFailed: () => this.stopAfterFailures(),
      onNothingTrains: (reason) => {
        this.record({ type: 'phase', phase: 'stopped', detail: 'nothing can be trained on this machine' });
        this.breakOff(`${reason}. To go on then: ${this.sweep.howToGoOn}`);
      },
      onHang: (trial) => this.killHungHost(trial),
    });
    this.commands = new SweepCommands({
      scheduler: this.scheduler,
      reducer,
      maxWorkers: options.maxWorkers ?? options.workers,
      record: (event) => this.record(event),
      requeued: (trial) => versions.requeued(trial),
      editedModels: () => versions.edited(plan, baseDirectory).map(({ model }) => model),
      stop: () => this.stop('asked to stop'),
      cancelRunning: (trial) => this.attempts.cancel(trial),
      onOver: (trial) => this.cleanUp(trial),
    });
  }

  /** Whether there is nothing left to run. */
  get isComplete(): boolean {
    return this.scheduler.isIdle;
  }

  get state(): SweepState {
    return this.sweep.state;
  }

  /** Durable events after `seq`, oldest first. */
  eventsAfter(seq: number, limit: number): RecordedEvent[] {
    return this.sweep.eventsAfter(seq, limit);
  }

  /** Whether a user has asked for the end, though the last trial may have come to it first. */
  get isAskedToEnd(): boolean {
    return this.ending.isAsked;
  }

  /** Runs what is not done yet. Rejects with `InputError` when the data or a model cannot be used. */
  async run(): Promise<Outcome> {
    // Stopped before it began.
    if (this.ending.isOver) return this.ending.promise;
    const lost = lostText(this.sweep.takeLost());
    if (this.scheduler.isIdle) {
      if (this.state.phase !== 'finished' || lost !== '') {
        this.record({ type: 'phase', phase: 'finished', ...(lost === '' ? {} : { detail: lost }) });
      }
      this.ending.end({ status: 'finished' });
      return this.ending.promise;
    }
    if (this.isHostUp) {
      // It holds the modules that it has loaded, and what was put back may have failed of one that is mended now.
      this.renewal = 'for what was put back';
      this.engine.kill();
    } else {
      this.record({ type: 'phase', phase: 'preparing', detail: `${lost && `${lost}; `}loading data and TensorFlow` });
      this.startHost();
    }
    return this.ending.promise;
  }

  /** Puts trials of a sweep that has run to its end back: `run` then goes on with them. */
  putBack(trial: string | null): ControlReply {
    if (!this.ending.isOver || !this.isComplete) return { ok: false, text: 'the sweep is ending' };
    this.ending.reopen();
    const reply = this.carryOut({ do: 'retry', trial });
    // What was asked of the sweep before its end concerned what was left then.
    if (reply.ok) this.scheduler.isPaused = false;
    else this.ending.end({ status: 'finished' });
    return reply;
  }

  /** Ends the running trials at their next step; `run` then resolves with `stopped`. */
  stop(detail = 'finishing the running steps'): void {
    this.stopFor({ isAsked: true, stopping: detail });
  }

  /** Ends at once; running trials are recorded as interrupted, for this reason. */
  kill(reason = 'killed by the user'): void {
    this.ending.kill();
    this.killedBecause ??= reason;
    this.engine.kill();
  }

  /** Releases the folder. */
  async close(): Promise<void> {
    this.attempts.close();
    await this.engine.shutdown();
    this.sweep.close(this.attempts.dropped);
  }

  /** Carries out what a user asks of the running sweep. */
  control(command: ControlCommand): ControlReply {
    if (this.ending.isOver || this.ending.isStopping) return { ok: false, text: 'the sweep is ending' };
    const reply = this.carryOut(command);
    this.leaseWork();
    return reply;
  }

  private carryOut(command: ControlCommand): ControlReply {
    const reply = this.commands.carryOut(command);
    // Nothing of it would outlive this process.
    const { failure } = this.sweep;
    return failure === undefined ? reply : { ok: false, text: failure };
  }

  private stopFor(reason: StopReason): void {
    if (!this.ending.stop(reason)) return;
    this.engine.stop(null);
    this.ending.settle();
  }

  private startHost(): void {
    this.isHostUp = true;
    this.engine.start();
  }

  private record(event: SweepEvent): void {
    // A ledger that cannot be written has ended the sweep; what still comes in has nowhere to go.
    if (!this.ending.isOver) this.sweep.append(event);
  }

  /** No attempt of the trial runs any more, and none is to come. */
  private cleanUp(id: string): void {
    removeLeftovers(join(this.options.folder, 'checkpoints', id), this.sweep.reducer.trial(id)!);
  }

  private engineReady({ datasets, modules, tensorflow }: FromHostOf<'ready'>): void {
    const { plan } = this.options;
    const inputs = [...dataInputs(plan, datasets), ...modelInputs(modules)];
    const changed = changedInputs(this.sweep, this.state, inputs);
    if (changed !== undefined) {
      this.ending.refuse(changed);
      return;
    }
    this.sweep.keep('tensorflow', tensorflow);
    const detail = datasets
      .map(({ name, train, validation, classes }) => `${name}: ${train} + ${validation} images, ${classes} classes`)
      .join('; ');
    if (!this.ending.isStopping) {
      const phase = this.scheduler.isPaused ? 'paused' : 'running';
      this.record({ type: 'phase', phase, detail, workers: this.scheduler.workers });
    }
    this.leaseWork();
  }

  private leaseWork(): void {
    while (!this.ending.isStopping && !this.ending.isOver && this.engine.takesWork) {
      const lease = this.scheduler.lease();
      if (lease === undefined) break;
      this.attempts.start(lease);
    }
    if (this.scheduler.running.length === 0 && !this.scheduler.isIdle) this.engine.renewIfGrown();
    this.ending.settle();
  }

  private stopAfterFailures(): void {
    const { failed } = this.state.counts;
    if (failed >= (this.options.stopAfterFailures ?? Number.POSITIVE_INFINITY)) {
      const stopped = `after ${failed} ${failed === 1 ? 'failure' : 'failures'} (--on-failure)`;
      this.stopFor({ isAsked: false, stopping: `${failed} failed`, stopped });
    }
  }

  private killHungHost(trial: string): void {
    const seconds = this.options.hangTimeout ?? DEFAULT_HANG_TIMEOUT_S;
    const detail = `no word from ${trial} for ${seconds} s: starting the engine host again`;
    this.record({ type: 'phase', phase: this.state.phase, detail });
    this.engine.killHung({ trial, attempt: this.sweep.reducer.trial(trial)!.attempt, seconds });
  }

  private engineLost(exit: HostExit): void {
    this.isHostUp = false;
    if (this.killedBecause !== undefined) this.attempts.killed(this.killedBecause);
    else this.attempts.hostLost(exit);
    this.ending.settle();
    if (this.ending.isOver) return;
    this.record({
      type: 'phase',
      phase: 'preparing',
      detail: `starting the engine host again (${this.renewal ?? exit.reason})`,
    });
    this.renewal = undefined;
    this.startHost();
  }

  private breakOff(reason: string): void {
    this.ending.end({ status: 'broken', reason });
  }
}

/** Empty where nothing was lost. What trials have told is told again, to the bit; what a user has asked for is not. */
const lostText = (events: number): string =>
  events === 0
    ? ''
    : `the last ${events === 1 ? 'event that was recorded is' : `${events} events that were recorded are`} gone: ledger.db-wal was deleted, or an older ledger.db put back; what they told of is trained again`;
