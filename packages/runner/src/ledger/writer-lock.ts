import { join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { Sqlite, type SqliteDatabase } from './sqlite.ts';

/** Longest path that SQLite opens, in bytes. */
const MAX_SQLITE_PATH = 500;

/**
 * The right to write a sweep's folder. Held as SQLite's exclusive lock on a file of its own: the operating system frees
 * it when the process dies, however it dies, so there is no stale lock to clean up after `kill -9`.
 */
export class WriterLock {
  private readonly database: SqliteDatabase;

  private constructor(database: SqliteDatabase) {
    this.database = database;
  }

  /** Undefined when another process holds it. Throws when the folder cannot be written, with what to do. */
  static tryAcquire(folder: string): WriterLock | undefined {
    const file = join(folder, 'writer.lock');
    const database = openIn(folder, file);
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new WriterLock(database);
    } catch (error) {
      database.close();
      if (isLocked(error)) return undefined;
      throw explained(error, file);
    }
  }

  release(): void {
    this.database.close();
  }
}

function openIn(folder: string, file: string): SqliteDatabase {
  try {
    return new Sqlite(file, { timeout: 0 });
  } catch (error) {
    const { message } = error as Error;
    // SQLite's limit is less than what file systems take.
    const hint =
      Buffer.byteLength(file) > MAX_SQLITE_PATH ? `; SQLite takes no path over ${MAX_SQLITE_PATH} bytes` : '';
    throw Object.assign(error as Error, { message: `${folder} cannot be written: ${message}${hint}; use --output` });
  }
}

/** SQLite names no file. */
function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  if (/not a database|malformed/i.test(error.message)) {
    return new InputError({ file, got: 'a file that is not the lock of l2bn', want: 'none: delete it' });
  }
  return Object.assign(error, { message: `${file} cannot be written: ${error.message}` });
}

const isLocked = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);
