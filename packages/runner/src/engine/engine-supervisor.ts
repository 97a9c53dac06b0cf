import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type SweepPlan, type TrialEvent } from '@l2bn/core/sweep';
import { distinctData } from '../plan/distinct-data.ts';
import { DEFAULT_HANG_TIMEOUT_S } from '../plan/sweep-file.ts';
import { HangDetector, type Ticker } from './hang-detector.ts';
import type { Hang } from './hang-file.ts';
import { HostMemory } from './host-memory.ts';
import { type HostExit, HostProcess } from './host-process.ts';
import { HungHost } from './hung-host.ts';
import type { FromHost, FromHostOf, ToHost } from './messages.ts';
import { userModels } from './model-modules.ts';
import { modelTrials } from './model-trials.ts';
import { estimateLargestTrial } from './worker-count.ts';

export interface EngineOptions {
  plan: SweepPlan;
  /** Folder of results: takes the engine's log and the checkpoints. */
  folder: string;
  /** What relative paths in the configuration are relative to. */
  baseDirectory: string;
  workers: number;
  /** Threads that the host has, for a later growth of `workers`. @defaultValue `workers` */
  maxWorkers?: number;
  /** Seconds without a word from a host that loads data and models, or `MIN_PREPARING_S` if that is more. @defaultValue 300 */
  hangTimeout?: number;
  /** What counts these seconds. @defaultValue a timer */
  ticker?: Ticker;
  /** Module that the host runs, for an engine of one's own. @defaultValue the one that trains */
  hostEntry?: URL;
}

export interface EngineEvents {
  onReady: (message: FromHostOf<'ready'>) => void;
  onEvent: (event: TrialEvent) => void;
  onEnded: (message: FromHostOf<'ended'>) => void;
  /** The host has ended, whatever ran on it is lost; `start` makes a new one. */
  onLost: (exit: HostExit) => void;
  /** The user's data or a model cannot be used. */
  onRefused: (error: InputError) => void;
  /** No host can be had. */
  onBroken: (reason: string) => void;
}

/** What runs trials, as the coordinator sees it. */
export type Engine = Pick<
  EngineSupervisor,
  'takesWork' | 'start' | 'run' | 'recorded' | 'stop' | 'renewIfGrown' | 'kill' | 'killHung' | 'shutdown'
>;

/** Hosts that die before they are ready: after so many in a row it is not the trials' fault. */
const MAX_FAILED_STARTS = 2;
/**
 * A host tells of itself every five seconds, but not while it loads TensorFlow, decodes an image or builds a model: that
 * takes seconds, and on a busy machine many.
 */
const MIN_PREPARING_S = 60;
/** How a host ends that `kill` has ended. */
const KILLED = 'signal SIGKILL';
/** Its name to the detector. */
const HOST = 'host';

/** Keeps one engine host, tells what comes from it, and notices when it dies or has grown too large. */
export class EngineSupervisor {
  private readonly options: EngineOptions;
  private readonly events: EngineEvents;
  private host: HostProcess | undefined;
  private isReady = false;
  /** Watches a host that is not ready yet; running trials have a watch of their own. */
  private readonly preparing: HangDetector;
  private readonly memory: HostMemory;
  /** Whether it was killed, and has not ended yet. */
  private isDoomed = false;
  /** Why it is killed. */
  private sentence: string | undefined;
  private hung: HungHost | undefined;
  private isClosed = false;
  /** Models are tried once: what has been built is built again by every trial. */
  private hasTriedModels = false;
  private failedStarts = 0;
  private hasCheckpointFolder = false;

  constructor(options: EngineOptions, events: EngineEvents) {
    this.options = options;
    this.events = events;
    this.memory = new HostMemory(estimateLargestTrial(options.plan));
    const seconds = Math.max(options.hangTimeout ?? DEFAULT_HANG_TIMEOUT_S, MIN_PREPARING_S);
    const onHang = () => {
      this.sentence = `killed, because it said nothing for ${seconds} s while it loaded data and models`;
      this.kill();
    };
    this.preparing = new HangDetector(seconds, onHang, ...(options.ticker === undefined ? [] : [options.ticker]));
  }

  /** Whether a trial can start now. A host that has grown takes none, so that it can be replaced when it is idle. */
  get takesWork(): boolean {
    return this.isReady && !this.isDoomed && this.hung === undefined && !this.memory.hasGrown;
  }

  start(): void {
    const { folder, plan, baseDirectory, workers, maxWorkers = workers, hostEntry } = this.options;
    this.isReady = false;
    this.isDoomed = false;
    this.sentence = undefined;
    this.hung = undefined;
    this.memory.hostStarted();
    this.preparing.heard(HOST);
    this.host = new HostProcess({
      logFile: join(folder, 'engine.log'),
      ...(hostEntry === undefined ? {} : { entry: hostEntry }),
      onMessage: (message) => this.receive(message),
      onExit: (exit) => this.exited(exit),
    });
    this.host.send({
      type: 'prepare',
      data: distinctData(plan),
      models: this.hasTriedModels ? [] : modelTrials(plan),
      modules: userModels(plan),
      baseDirectory,
      workers: maxWorkers,
      checkpoints: join(folder, 'checkpoints'),
    });
  }

  run(trial: Omit<Extract<ToHost, { type: 'run' }>, 'type'>): void {
    if (!this.hasCheckpointFolder) this.makeCheckpointFolder();
    this.memory.trialStarted();
    this.host?.send({ type: 'run', ...trial });
  }

  /** A checkpoint that a running trial has reported is in the ledger. */
  recorded(trial: string, epoch: number): void {
    this.host?.send({ type: 'recorded', trial, epoch });
  }

  /**
   * Ends a running trial, or all, at its next step.
   *
   * @param isForGood Whether nobody will go on from there.
   */
  stop(trial: string | null, isForGood = false): void {
    this.host?.send({ type: 'stop', trial, isForGood });
  }

  /** For a host without a running trial. */
  renewIfGrown(): void {
    if (!this.memory.hasGrown) return;
    this.sentence = 'it had grown too large';
    this.kill();
  }

  kill(): void {
    this.isDoomed = true;
    this.host?.kill();
  }

  /** For a host on which a trial hangs: kills it within two seconds, and takes down what it does before. */
  killHung(hang: Hang): void {
    const { host } = this;
    if (host?.pid === undefined || this.hung !== undefined) return;
    this.hung = new HungHost(host, host.pid, hang, this.options.folder);
  }

  /** Ends the host for good; at once where nothing trains on it yet. */
  async shutdown(): Promise<void> {
    this.isClosed = true;
    this.preparing.stop();
    if (!this.isReady) this.kill();
    await this.host?.shutdown();
  }

  /** With the first trial, and once: what is taken away during the run shall not come back. */
  private makeCheckpointFolder(): void {
    this.hasCheckpointFolder = true;
    try {
      mkdirSync(join(this.options.folder, 'checkpoints'));
    } catch {
      // It is there, or cannot be made, which every checkpoint that needs it will say.
    }
  }

  private receive(message: FromHost): void {
    if (!this.isReady) this.preparing.heard(HOST);
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        this.preparing.forget(HOST);
        this.hasTriedModels = true;
        this.failedStarts = 0;
        this.memory.hostReady(message.memory);
        this.events.onReady(message);
        return;
      case 'event':
        this.events.onEvent(message.event);
        return;
      case 'ended':
        this.memory.trialEnded();
        this.events.onEnded(message);
        return;
      case 'health':
        this.memory.measured(message.memory);
        return;
      case 'threads':
        this.hung?.toldThreads(message);
        return;
      case 'report':
        this.hung?.reported(message);
        return;
      case 'refused':
        this.events.onRefused(new InputError(...message.problems));
        return;
      case 'broken':
        this.events.onBroken(message.error);
    }
  }

  private exited(exit: HostExit): void {
    const wasReady = this.isReady;
    this.isReady = false;
    this.preparing.forget(HOST);
    this.host = undefined;
    this.hung?.ended();
    if (this.isClosed) return;
    const reason = exit.reason === KILLED ? (this.hung?.sentence ?? this.sentence ?? KILLED) : exit.reason;
    if (!wasReady && ++this.failedStarts >= MAX_FAILED_STARTS) {
      this.events.onBroken(`the engine host ended before it was ready: ${reason}\n${exit.output}`);
      return;
    }
    this.events.onLost({ ...exit, reason });
  }
}
