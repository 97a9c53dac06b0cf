import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Sqlite, type SqliteDatabase } from '../../ledger/sqlite.ts';

/**
 * Whether a process writes the sweep in `folder` now. A ledger alone cannot tell: after `kill -9` it still says "running".
 *
 * Asks for SQLite's shared lock on the file that the writer holds exclusively (`WriterLock`). It is held for microseconds;
 * a writer that starts in just these waits for it.
 */
export function isWritten(folder: string): boolean {
  const file = join(folder, 'writer.lock');
  if (!existsSync(file)) return false;
  let database: SqliteDatabase | undefined;
  try {
    database = new Sqlite(file, { readOnly: true, timeout: 0 });
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/locked|busy/i.test(error.message)) return true;
    // Nobody can hold what is no database, or what whoever held it has removed meanwhile.
    if (/not a database/i.test(error.message) || !existsSync(file)) return false;
    throw error;
  } finally {
    database?.close();
  }
}
