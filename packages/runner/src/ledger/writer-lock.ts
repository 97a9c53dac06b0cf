import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { isBusy, isDamage, Sqlite, type SqliteDatabase } from './sqlite.ts';

/** Longest path that SQLite opens, in bytes. */
const MAX_SQLITE_PATH = 500;
/** `l2bn status` holds the lock for microseconds to see whether somebody else does; a writer keeps it. In ms. */
const PATIENCE_MS = 300;

/**
 * The right to write a sweep's folder. Held as SQLite's exclusive lock on a file of its own: the operating system frees
 * it when the process dies, however it dies, so there is no stale lock to clean up after `kill -9`.
 */
export class WriterLock {
  private readonly database: SqliteDatabase;
  private readonly file: string;

  private constructor(database: SqliteDatabase, file: string) {
    this.database = database;
    this.file = file;
  }

  /**
   * Undefined when another process holds it and does not let go within a moment. Throws when the folder cannot be written,
   * with what to do.
   *
   * @param patience How long a process that holds it is waited for, in ms.
   */
  static tryAcquire(folder: string, patience = PATIENCE_MS): WriterLock | undefined {
    const file = join(folder, 'writer.lock');
    for (let before = identityOf(file); ; before = identityOf(file)) {
      const database = openIn(folder, file, patience);
      try {
        // Nothing is ever written, but a journal would be made all the same, and a full disk could not be locked.
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        // SQLite gives a lock on a file that it can only read, and it locks nothing.
        accessSync(file, constants.W_OK);
      } catch (error) {
        database.close();
        if (isBusy(error)) return undefined;
        // Whoever held it has removed it, and SQLite says of that what it says of a broken disk.
        if (before === undefined || identityOf(file) === before) throw explained(error, file);
        continue;
      }
      if (before !== undefined && identityOf(file) === before) return new WriterLock(database, file);
      // The file is new, or whoever held it has removed it: this may be a lock on a file that nobody else can see.
      database.close();
    }
  }

  release(): void {
    this.database.close();
  }

  /** Releases the lock and leaves no file. Removed first: once released, the next process may hold it. */
  remove(): void {
    const isWindows = process.platform === 'win32';
    if (!isWindows) rmSync(this.file, { force: true });
    this.database.close();
    if (isWindows) rmSync(this.file, { force: true });
  }
}

const identityOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;

function openIn(folder: string, file: string, timeout: number): SqliteDatabase {
  try {
    // SQLite itself tries again, at growing intervals.
    return new Sqlite(file, { timeout });
  } catch (error) {
    // SQLite's limit is less than what file systems take.
    const isTooLong = Buffer.byteLength(file) > MAX_SQLITE_PATH;
    const reason = isTooLong ? `a path over ${MAX_SQLITE_PATH} bytes, which SQLite does not take` : undefined;
    throw withPlace(error as Error, folder, reason);
  }
}

function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  if (isDamage(error)) {
    return new InputError({ file, got: 'a file that is not the lock of l2bn', want: 'none: delete it' });
  }
  return withPlace(error, file);
}

/** SQLite names no file; the command line says what to do by it. */
const withPlace = (error: Error, path: string, reason = error.message): Error =>
  Object.assign(error, { path, message: reason });
