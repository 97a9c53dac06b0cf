import { InputError, type SweepPlan } from '@l2bn/core/sweep';
import { BUSY_TIMEOUT_MS, ledgerError, parseStored } from './ledger-error.ts';
import { checkGrowth } from './plan-growth.ts';
import { LEDGER_SCHEMA, LEDGER_VERSION } from './schema.ts';
import { Sqlite, type SqliteDatabase } from './sqlite.ts';
import { OLDEST_VERSION, upgrade } from './upgrades.ts';

/**
 * Whether a file holds the tables of a ledger: a process killed while it made them leaves none. Throws `InputError` for a
 * file that is no database.
 */
export function holdsLedger(file: string): boolean {
  let database: SqliteDatabase | undefined;
  try {
    database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined;
  } catch (error) {
    throw ledgerError(error, file);
  } finally {
    database?.close();
  }
}

/** Record 0 of a ledger: its tables and its plan, in one transaction. Returns the plan. */
export function recordPlan(database: SqliteDatabase, plan: SweepPlan, source?: string): SweepPlan {
  inTransaction(database, () => {
    database.exec(LEDGER_SCHEMA);
    const meta = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    meta.run('version', String(LEDGER_VERSION));
    meta.run('name', plan.name);
    meta.run('created', new Date().toISOString());
    writePlan(database, plan);
    if (source !== undefined) meta.run('source', source);
  });
  return plan;
}

/**
 * Goes on with the plan that a ledger holds, or with one that asks for all trials that have begun; what is new is added, what
 * has not begun and is no longer wanted goes. Returns the plan that the ledger holds then.
 *
 * @param plan The one that the ledger holds when left out.
 * @param source Where it comes from: kept with it, so that whatever dies after this, what was asked for can be asked again.
 * @throws InputError if the ledger is of another version or holds results that the plan does not ask for.
 */
export function continuePlan(file: string, database: SqliteDatabase, plan?: SweepPlan, source?: string): SweepPlan {
  const meta = readMeta(database);
  const version = knownVersion(file, meta);
  const old = parseStored<SweepPlan>(file, 'its plan', meta.get('plan'));
  const next = plan ?? old;
  if (old.hash !== next.hash) checkGrowth(file, old, next, recordedTrials(database));
  inTransaction(database, () => {
    if (version < LEDGER_VERSION) upgrade(database, version, old);
    if (old.hash !== next.hash) writePlan(database, next);
    if (source !== undefined && source !== meta.get('source')) {
      database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('source', ?)").run(source);
    }
  });
  return next;
}

/**
 * The version of a ledger, if this l2bn can read it.
 *
 * @throws InputError if not.
 */
export function knownVersion(file: string, meta: ReadonlyMap<string, string>): number {
  const version = Number(meta.get('version'));
  if (version >= OLDEST_VERSION && version <= LEDGER_VERSION) return version;
  const want = `${OLDEST_VERSION} to ${LEDGER_VERSION} (this l2bn), or a newer l2bn`;
  throw new InputError({ file, path: 'version', got: meta.get('version') ?? 'none', want });
}

function writePlan(database: SqliteDatabase, plan: SweepPlan): void {
  const meta = database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  meta.run('hash', plan.hash);
  meta.run('plan', JSON.stringify(plan));
  const revision = database.prepare('INSERT INTO plan_revision (hash, at, plan) VALUES (?, ?, ?)');
  revision.run(plan.hash, new Date().toISOString(), JSON.stringify(plan));
  const cell = database.prepare(`
    INSERT INTO cell (id, "values", config) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET "values" = excluded."values"`);
  for (const { id, values, config } of plan.cells) cell.run(id, JSON.stringify(values), JSON.stringify(config));
  // Out of the way first: a trial may take the position that another one leaves.
  database.exec('UPDATE trial SET position = -1 - position');
  const trial = database.prepare(`
    INSERT INTO trial (id, position, cell, seed) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position`);
  for (const { id, index, cell: cellId, seed } of plan.trials) trial.run(id, index, cellId, seed);
  database.exec('DELETE FROM trial WHERE position < 0; DELETE FROM cell WHERE id NOT IN (SELECT cell FROM trial)');
}

function recordedTrials(database: SqliteDatabase): Set<string> {
  const rows = database.prepare('SELECT DISTINCT trial FROM event WHERE trial IS NOT NULL').all();
  return new Set((rows as unknown as { trial: string }[]).map(({ trial }) => trial));
}

function inTransaction(database: SqliteDatabase, write: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    write();
    database.exec('COMMIT');
  } catch (error) {
    // A full disk has made SQLite roll back by itself, and it would only say that nothing is left to undo.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function readMeta(database: SqliteDatabase): Map<string, string> {
  const rows = database.prepare('SELECT key, value FROM meta').all() as unknown as { key: string; value: string }[];
  return new Map(rows.map(({ key, value }) => [key, value]));
}
