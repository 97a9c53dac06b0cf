import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, type RecordedEvent, type SweepEvent, type SweepPlan } from '@l2bn/core/sweep';
import { CommitMark } from './commit-mark.ts';
import { type EventRow, toEvent } from './event-row.ts';
import { FilePresence } from './file-presence.ts';
import { damagedLedger, ledgerError } from './ledger-error.ts';
import { makeFolder } from './make-folder.ts';
import { openToWrite } from './open-ledger.ts';
import { continuePlan, holdsLedger, recordPlan } from './plan-record.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite.ts';
import { WriterLock } from './writer-lock.ts';

/** Longest time that training metrics wait for the disk, in ms. Everything else is written at once. */
const GROUP_COMMIT_MS = 50;
/**
 * Time between two transfers of SQLite's log into the ledger itself, in ms. SQLite alone makes them after megabytes, and all
 * of a small sweep would be in a file beside the ledger that people take for rubbish.
 */
const TRANSFER_MS = 5_000;
/** What only a sweep that has begun has beside its ledger. */
const REMAINS = ['checkpoints', 'plan.json'];

export interface LedgerOptions {
  /** Where the plan comes from, in the words of `source.json`; `readKept(folder, 'source')` has it. @defaultValue as it was */
  source?: string;
  /** Called after each commit with the events that are now durable, in order. */
  onCommit?: (events: RecordedEvent[]) => void;
  /** Called when the ledger cannot be written (disk full, file gone). Nothing is accepted after that. */
  onError?: (error: Error) => void;
}

/** Another process writes this sweep. */
export class LedgerInUseError extends Error {
  override readonly name = 'LedgerInUseError';
}

/**
 * The durable record of a sweep: `ledger.db` in the sweep's folder, SQLite in WAL mode with `synchronous=FULL`, one
 * writer. `append` gives an event its place; `onCommit` is told once it is on disk, and only then may anybody show it —
 * so what was seen once is never lost.
 */
export class Ledger {
  readonly folder: string;
  readonly plan: SweepPlan;
  private readonly database: SqliteDatabase;
  private readonly lock: WriterLock;
  private readonly insert: SqliteStatement;
  private readonly options: LedgerOptions;
  private readonly file: string;
  /** Of the files that SQLite has open. */
  private readonly presence: FilePresence;
  private readonly mark: CommitMark;
  private lost: number;
  private transferredAt = 0;
  private pending: RecordedEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastSeq: number;
  private broken = false;

  private constructor(
    folder: string,
    plan: SweepPlan,
    database: SqliteDatabase,
    lock: WriterLock,
    options: LedgerOptions,
    isNew: boolean,
  ) {
    this.folder = folder;
    this.plan = plan;
    this.database = database;
    this.lock = lock;
    this.options = options;
    this.insert = database.prepare('INSERT INTO event (seq, at, type, trial, attempt, body) VALUES (?, ?, ?, ?, ?, ?)');
    this.lastSeq = lastSeqOf(database);
    this.file = join(folder, 'ledger.db');
    this.mark = new CommitMark(folder);
    // A mark beside a new ledger is that of one which somebody has deleted.
    this.lost = isNew ? 0 : Math.max(0, this.mark.read() - this.lastSeq);
    this.transfer();
    this.presence = new FilePresence([this.file, `${this.file}-wal`]);
  }

  /**
   * Opens the ledger in `folder`, or makes it. Throws `LedgerInUseError` when another process writes it, and `InputError`
   * when it holds trials that the plan does not ask for.
   */
  static open(folder: string, plan: SweepPlan, options: LedgerOptions = {}): Ledger {
    makeFolder(folder);
    return Ledger.openLocked(folder, plan, options);
  }

  /**
   * Opens the ledger in `folder` with the plan that its last run has left. Throws `LedgerInUseError` when another process
   * writes it, and `InputError` when there is none.
   */
  static openAsIs(folder: string, options: LedgerOptions = {}): Ledger {
    return Ledger.openLocked(folder, undefined, options);
  }

  private static openLocked(folder: string, plan: SweepPlan | undefined, options: LedgerOptions): Ledger {
    const lock = WriterLock.tryAcquire(folder);
    if (lock === undefined) throw new LedgerInUseError(`another l2bn writes ${folder}`);
    const file = join(folder, 'ledger.db');
    let database: SqliteDatabase | undefined;
    try {
      const isThere = existsSync(file) && isBegun(file);
      if (!isThere && plan === undefined) throw new InputError({ file, got: 'no ledger', want: 'that of a sweep' });
      database = openToWrite(file);
      const next = isThere
        ? continuePlan(file, database, plan, options.source)
        : recordPlan(database, plan!, options.source);
      return new Ledger(folder, next, database, lock, options, !isThere);
    } catch (error) {
      database?.close();
      lock.release();
      throw ledgerError(error, file);
    }
  }

  /**
   * Keeps a value beside the events, the first time that it is said, and returns what was kept: what must stay the same for
   * the life of a sweep, such as the hash of its data.
   */
  keep(key: string, value: string): string {
    if (this.broken) return value;
    this.write('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)', key, value);
    return this.kept(key) ?? value;
  }

  /** What is kept by a name. */
  kept(key: string): string | undefined {
    const row = this.database.prepare('SELECT value FROM meta WHERE key = ?').get(key);
    return (row as { value: string } | undefined)?.value;
  }

  /** Keeps another value in the place of the one that was kept. */
  replace(key: string, value: string): void {
    if (!this.broken) this.write('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
  }

  /**
   * How many events were committed once and are in the ledger no more, at least: somebody has deleted SQLite's log after a kill,
   * or put an older ledger in its place. Told once, to whoever goes on with the sweep.
   */
  takeLost(): number {
    const { lost } = this;
    this.lost = 0;
    return lost;
  }

  /** Every event from the one after `seq` on, in order. */
  *eventsAfter(seq: number, limit = -1): Generator<RecordedEvent> {
    const rows = this.database.prepare('SELECT seq, at, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?');
    try {
      for (const row of rows.iterate(seq, limit)) yield toEvent(this.file, row as unknown as EventRow);
    } catch (error) {
      throw ledgerError(error, this.file);
    }
  }

  /** Records an event. Training metrics are committed in groups; anything that changes a state is on disk on return. */
  append(event: SweepEvent): RecordedEvent {
    if (this.broken) throw new Error('the ledger cannot be written any more');
    const recorded = { seq: ++this.lastSeq, at: Date.now(), event };
    this.pending.push(recorded);
    if (event.type === 'steps') this.timer ??= setTimeout(() => this.flush(), GROUP_COMMIT_MS);
    else this.flush();
    return recorded;
  }

  /** Commits what is pending. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.length === 0 || this.broken) return;
    const events = this.pending;
    try {
      this.presence.check();
      this.database.exec('BEGIN IMMEDIATE');
      for (const { seq, at, event } of events) {
        const [trial, attempt] = event.type === 'phase' ? [null, null] : [event.trial, event.attempt];
        this.insert.run(seq, at, event.type, trial, attempt, JSON.stringify(event));
      }
      this.database.exec('COMMIT');
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.pending = [];
    this.noteCommit(events);
    this.options.onCommit?.(events);
    if (performance.now() - this.transferredAt > TRANSFER_MS) this.transfer();
  }

  close(): void {
    this.flush();
    clearTimeout(this.timer);
    const isWhole = !this.broken && this.transfer();
    this.broken = true;
    this.database.close();
    this.mark.close(this.lost > 0 || !isWhole);
    this.lock.release();
  }

  private noteCommit(events: RecordedEvent[]): void {
    const { seq } = events.at(-1)!;
    // Ahead by what is lost, until that was told: what is added by others must not hide it.
    if (this.lost > 0) this.mark.write(seq + this.lost);
    // A run that ends before its first trial is to leave nothing.
    else if (events.some(({ event }) => event.type !== 'phase')) this.mark.write(seq);
  }

  private write(sql: string, key: string, value: string): void {
    try {
      this.database.prepare(sql).run(key, value);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Brings what is in SQLite's log into the ledger itself, as far as no reader is in the way; true if that is all of it. */
  private transfer(): boolean {
    this.transferredAt = performance.now();
    try {
      const row = this.database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
      const { busy, log, checkpointed } = row as { busy: number; log: number; checkpointed: number };
      return busy === 0 && log === checkpointed;
    } catch {
      // What is committed is safe in the log; what is wrong with the disk, the next commit says.
      return false;
    }
  }

  private fail(error: Error): void {
    this.broken = true;
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself on a full disk; there is nothing left to undo.
    }
    const explained = ledgerError(error, this.file);
    if (this.options.onError === undefined) throw explained;
    this.options.onError(explained);
  }
}

/**
 * A process killed while it made the ledger leaves a file without tables: as good as none. Throws `InputError` where one
 * stands beside what a sweep has left: that one was lost, and nothing may take its place unasked.
 */
function isBegun(file: string): boolean {
  if (holdsLedger(file)) return true;
  const remains = REMAINS.filter((name) => existsSync(join(dirname(file), name)));
  if (remains.length === 0) return false;
  throw damagedLedger(file, `it is empty, beside ${remains.join(' and ')} of a sweep`);
}

function lastSeqOf(database: SqliteDatabase): number {
  const row = database.prepare('SELECT COALESCE(MAX(seq), 0) AS seq FROM event').get();
  return (row as unknown as { seq: number }).seq;
}
