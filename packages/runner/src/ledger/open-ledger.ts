import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUSY_TIMEOUT_MS } from './ledger-error.ts';
import { Sqlite, type SqliteDatabase } from './sqlite.ts';

/** With what the promise of a ledger stands on: a commit has reached the disk when it returns, whatever dies then. */
export function openToWrite(file: string): SqliteDatabase {
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * A ledger in WAL mode is read by way of two files beside it, which SQLite makes where they are missing. On a read-only disk
 * it cannot; there nobody writes either, so the ledger alone is all there is, unless a killed writer has left its log.
 */
export function openToRead(file: string): SqliteDatabase {
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

/** Whether the operating system, and not what a file holds, is why it cannot be read. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && /unable to open|readonly|disk I\/O/i.test(error.message);

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
