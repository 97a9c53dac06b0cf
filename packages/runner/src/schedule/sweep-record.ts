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
import { Ledger } from '../ledger/ledger.ts';
import { removeAllLeftovers } from './leftovers.ts';

export interface SweepRecordOptions {
  plan: SweepPlan;
  /** Folder of results. */
  folder: string;
  /** Where the plan comes from, kept with it in the ledger. @defaultValue as it was */
  source?: string;
  /** What a user types to go on with results that are there. @defaultValue as what it was begun with */
  resumeCommand?: () => string;
  /** Told of events that are now durable, in order; `state` has them already. */
  onEvents: (events: RecordedEvent[]) => void;
  /** The ledger cannot be written, and takes nothing any more; says why, and what helps. */
  onBroken: (reason: string) => void;
}

const KEY_OF_DROPPED = 'dropped reports';
const ADVICE = '. Make room or bring the folder back';
const SAME_COMMAND = 'run the same command';

/**
 * What is known of a sweep: its ledger, and the state that the ledger's events have made. Nothing changes the state that is not
 * on disk.
 */
export class SweepRecord {
  readonly reducer: SweepReducer;
  private readonly ledger: Ledger;
  private readonly resumeCommand: (() => string) | undefined;
  private failureText: string | undefined;

  /**
   * Opens the ledger and settles what a coordinator has left that was killed. Throws `InputError` or `LedgerInUseError` when the
   * folder cannot be used.
   */
  constructor({ plan, folder, source, resumeCommand, onEvents, onBroken }: SweepRecordOptions) {
    this.resumeCommand = resumeCommand;
    this.reducer = new SweepReducer(initialState(plan));
    this.ledger = Ledger.open(folder, plan, {
      ...(source === undefined ? {} : { source }),
      onCommit: (events) => {
        for (const event of events) this.reducer.apply(event);
        onEvents(events);
      },
      onError: (error) => {
        const { path } = error as NodeJS.ErrnoException;
        this.failureText = `the ledger cannot be written: ${path === undefined ? '' : `${path}: `}${error.message}`;
        // Of what is no fault of the disk the error says itself what helps.
        const advice = error instanceof InputError ? '' : ADVICE;
        onBroken(`${this.failureText}${advice}. To go on after the last recorded event then: ${this.howToGoOn}`);
      },
    });
    for (const event of this.ledger.eventsAfter(0)) this.reducer.apply(event);
    this.closeOldAttempts();
    removeAllLeftovers(join(folder, 'checkpoints'), this.state);
  }

  get state(): SweepState {
    return this.reducer.state;
  }

  /** Why the ledger takes nothing any more; undefined as long as it does. */
  get failure(): string | undefined {
    return this.failureText;
  }

  /** What a user is to do to go on. A run that ends before its first trial leaves nothing that could be gone on with. */
  get howToGoOn(): string {
    const hasBegun = this.state.trials.some(({ attempt }) => attempt > 0);
    return (hasBegun ? this.resumeCommand?.() : undefined) ?? SAME_COMMAND;
  }

  /** What comes after the failure has nowhere to go. */
  append(event: SweepEvent): void {
    if (this.failureText === undefined) this.ledger.append(event);
  }

  /** As `Ledger.takeLost`. */
  takeLost(): number {
    return this.ledger.takeLost();
  }

  /** Durable events after `seq`, oldest first. */
  eventsAfter(seq: number, limit: number): RecordedEvent[] {
    return [...this.ledger.eventsAfter(seq, limit)];
  }

  /** As `Ledger.kept`. */
  kept(key: string): string | undefined {
    return this.ledger.kept(key);
  }

  /** As `Ledger.keep`. */
  keep(key: string, value: string): string {
    return this.ledger.keep(key, value);
  }

  /** As `Ledger.replace`. */
  replace(key: string, value: string): void {
    this.ledger.replace(key, value);
  }

  /** Releases the folder. @param dropped Reports that were not heard, for whoever looks into a ledger. */
  close(dropped: number): void {
    if (dropped > 0) this.replace(KEY_OF_DROPPED, String(Number(this.keep(KEY_OF_DROPPED, '0')) + dropped));
    this.ledger.close();
  }

  private closeOldAttempts(): void {
    for (const { id, status, attempt } of this.state.trials) {
      if (status !== 'leased' && status !== 'running') continue;
      this.append({ type: 'interrupted', trial: id, attempt, reason: 'the sweep was killed' });
    }
  }
}
