import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  InputError,
  initialState,
  type RecordedEvent,
  type SweepPlan,
  SweepReducer,
  type SweepState,
  type TrialState,
} from '@l2bn/core/sweep';
import { knownVersion, readMeta } from './plan-record.ts';
import { Sqlite, type SqliteDatabase, type SqliteStatement } from './sqlite.ts';

/** How long a read waits for SQLite to recover the log of a process that was killed, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

interface EventRow {
  seq: number;
  at: number;
  body: string;
}

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
      throw isUnreadable(error)
        ? Object.assign(error as Error, { path: this.file })
        : this.problem('a file that is not a ledger, or a damaged one');
    }
  }

  get state(): SweepState {
    return this.reducer.state;
  }

  /** What the writer keeps beside the events (`Ledger.keep`), with version, name and plan. */
  get kept(): ReadonlyMap<string, string> {
    return readMeta(this.database);
  }

  /** The events that have come since the last read, each applied to `state` when it is given. */
  *read(): Generator<FollowedEvent> {
    for (const row of this.rows.iterate(this.state.seq)) {
      const { seq, at, body } = row as unknown as EventRow;
      const recorded: RecordedEvent = { seq, at, event: JSON.parse(body) as RecordedEvent['event'] };
      yield { recorded, trial: this.reducer.apply(recorded) };
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
    if (plan === undefined) throw this.problem('no plan');
    // A newer one may hold events that this l2bn would take for nothing, and report a state that never was.
    knownVersion(this.file, meta);
    return JSON.parse(plan) as SweepPlan;
  }

  private problem(got: string): InputError {
    return new InputError({ file: this.file, got, want: 'the ledger of a sweep' });
  }
}

/**
 * A ledger in WAL mode is read by way of two files beside it, which SQLite makes where they are missing. On a read-only disk
 * it cannot; there nobody writes either, so the ledger alone is all there is, unless a killed writer has left its log.
 */
function openToRead(file: string): SqliteDatabase {
  const database = new Sqlite(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return database;
  } catch (error) {
    if (!isUnreadable(error) || isWritable(dirname(file)) || existsSync(`${file}-wal`)) return database;
    database.close();
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return new Sqlite(url, { readOnly: true });
  }
}

const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && /unable to open|readonly|disk I\/O/i.test(error.message);

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
