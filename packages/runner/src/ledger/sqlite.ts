/**
 * The one file that names the SQLite library: `@photostructure/sqlite` has the interface of `node:sqlite`, which Node 20
 * lacks, and carries its binaries inside the package. When Node 20 is dropped, this file changes and nothing else.
 */
export {
  DatabaseSync as Sqlite,
  type DatabaseSyncInstance as SqliteDatabase,
  type StatementSyncInstance as SqliteStatement,
} from '@photostructure/sqlite';

/** Whether SQLite has found that a file is no database, or a damaged one; anything else says nothing of its content. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && /not a database|malformed/i.test(error.message);

/** Whether another connection holds a lock, for longer than SQLite was told to wait for it. */
export const isBusy = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);
