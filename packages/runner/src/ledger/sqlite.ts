/**
 * The one file that names the SQLite library: `@photostructure/sqlite` has the interface of `node:sqlite`, which Node 20
 * lacks, and carries its binaries inside the package. When Node 20 is dropped, this file changes and nothing else.
 */
export {
  DatabaseSync as Sqlite,
  type DatabaseSyncInstance as SqliteDatabase,
  type StatementSyncInstance as SqliteStatement,
} from '@photostructure/sqlite';
