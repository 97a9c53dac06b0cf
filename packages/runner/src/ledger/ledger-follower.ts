import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  InputError,
  initialState,
  type RecordedEvent,
  type SweepPlan,
  SweepReducer,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';
import { type EventRow, toEvent } from './event-row.ts';
import { damagedLedger, ledgerError, parseStored } from './ledger-error.ts';
import { isUnreadable, openToRead } from './open-ledger.ts';
import { knownVersion, readMeta } from './plan-record.ts';
import { isBusy, type SqliteDatabase, type SqliteStatement } from './sqlite.ts';

export interface FollowedEvent {
  recorded: RecordedEvent;
  /** The trial that it changed, if any. */
  trial: TrialState | undefined;
}

/** Reads the ledger of a sweep that another process may be writing, again and again, and keeps its state. */
export class LedgerFollower {
  readonly folder: string;
  private readonly file: string;
  private readonly fileId: number;
  private readonly database: SqliteDatabase;
  private readonly reducer: SweepReducer;
  private readonly rows: SqliteStatement;

  /** Throws `InputError` if the folder holds no ledger. */
  constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, 'ledger.db');
    if (!existsSync(this.file)) throw this.problem('no such file');
    this.fileId = statSync(this.file).ino;
    this.database = openToRead(this.file);
    try {
      this.reducer = new SweepReducer(initialState(this.plan()));
      this.rows = this.database.prepare('SELECT seq, at, body FROM event WHERE seq > ? ORDER BY seq');
    } catch (error) {
      this.database.close();
      if (error instanceof InputError) throw error;
      throw isUnreadable(error) || isBusy(error) ? ledgerError(error, this.file) : damagedLedger(this.file);
    }
  }

  get state(): SweepState {
    return this.reducer.state;
  }

  /** What the writer keeps beside the events (`Ledger.keep`), with version, name and plan. */
  get kept(): ReadonlyMap<string, string> {
    return readMeta(this.database);
  }

  /**
   * The events that have come since the last read, each applied to `state` when it is given. Throws `InputError` where the
   * ledger is damaged.
   */
  *read(): Generator<FollowedEvent> {
    try {
      for (const row of this.rows.iterate(this.state.seq)) {
        const recorded = toEvent(this.file, row as unknown as EventRow);
        yield { recorded, trial: this.reducer.apply(recorded) };
      }
    } catch (error) {
      throw ledgerError(error, this.file);
    }
  }

  /** Whether the folder now holds another ledger, because somebody started anew. */
  get isReplaced(): boolean {
    return statSync(this.file, { throwIfNoEntry: false })?.ino !== this.fileId;
  }

  close(): void {
    this.database.close();
  }

  private plan(): SweepPlan {
    const meta = readMeta(this.database);
    const plan = meta.get('plan');
    if (plan === undefined) throw damagedLedger(this.file, 'it holds no plan');
    // A newer one may hold events that this l2bn would take for nothing, and report a state that never was.
    knownVersion(this.file, meta);
    return parseStored<SweepPlan>(this.file, 'its plan', plan);
  }

  private problem(got: string): InputError {
    return new InputError({ file: this.file, got, want: 'the ledger of a sweep' });
  }
}
