import { join } from 'node:path';
import { Sqlite, type SqliteDatabase } from './sqlite.ts';

/**
 * The right to write a sweep's folder. Held as SQLite's exclusive lock on a file of its own: the operating system frees
 * it when the process dies, however it dies, so there is no stale lock to clean up after `kill -9`.
 */
export class WriterLock {
  private readonly database: SqliteDatabase;

  private constructor(database: SqliteDatabase) {
    this.database = database;
  }

  /** Undefined when another process holds it. */
  static tryAcquire(folder: string): WriterLock | undefined {
    const database = new Sqlite(join(folder, 'writer.lock'), { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new WriterLock(database);
    } catch (error) {
      database.close();
      if (isLocked(error)) return undefined;
      throw error;
    }
  }

  release(): void {
    this.database.close();
  }
}

const isLocked = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);
