import { InputError, type SweepPlan } from '@l2bn/core/sweep';
import { LEDGER_SCHEMA, LEDGER_VERSION } from './schema.ts';
import { Sqlite, type SqliteDatabase } from './sqlite.ts';

/** A process killed while it made the ledger leaves a file without tables: as good as none. */
export function holdsLedger(file: string): boolean {
  let database: SqliteDatabase | undefined;
  try {
    database = new Sqlite(file);
    return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined;
  } catch {
    throw new InputError({ file, got: 'a file that is not a ledger, or a damaged one', want: 'a ledger of l2bn' });
  } finally {
    database?.close();
  }
}

/** Record 0 of a ledger: its tables and its plan, in one transaction. */
export function recordPlan(database: SqliteDatabase, plan: SweepPlan): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(LEDGER_SCHEMA);
  const meta = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  meta.run('version', String(LEDGER_VERSION));
  meta.run('name', plan.name);
  meta.run('hash', plan.hash);
  meta.run('plan', JSON.stringify(plan));
  meta.run('created', new Date().toISOString());
  const cell = database.prepare('INSERT INTO cell (id, "values", config) VALUES (?, ?, ?)');
  for (const { id, values, config } of plan.cells) cell.run(id, JSON.stringify(values), JSON.stringify(config));
  const trial = database.prepare('INSERT INTO trial (id, position, cell, seed) VALUES (?, ?, ?, ?)');
  for (const { id, index, cell, seed } of plan.trials) trial.run(id, index, cell, seed);
  database.exec('COMMIT');
}

export function readMeta(database: SqliteDatabase): Map<string, string> {
  const rows = database.prepare('SELECT key, value FROM meta').all() as unknown as { key: string; value: string }[];
  return new Map(rows.map(({ key, value }) => [key, value]));
}

export function checkPlan(file: string, meta: Map<string, string>, plan: SweepPlan): void {
  const version = meta.get('version');
  if (version !== String(LEDGER_VERSION)) {
    throw new InputError({ file, path: 'version', got: version ?? 'none', want: `${LEDGER_VERSION}` });
  }
  if (meta.get('hash') !== plan.hash) {
    throw new InputError({
      file,
      got: 'the results of a different plan (the sweep file has changed since)',
      want: 'the same plan; use --output for another folder, or --fresh to set the old results aside',
    });
  }
}
