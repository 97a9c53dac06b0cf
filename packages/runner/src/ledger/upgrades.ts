import type { SweepPlan } from '@l2bn/core/sweep';
import { LEDGER_VERSION } from './schema.ts';
import type { SqliteDatabase } from './sqlite.ts';

/**
 * What makes a ledger of version n one of version n + 1. Events are never rewritten: where an old one lacks a field, the
 * reducer takes what it meant then.
 */
const UPGRADES: Record<number, (database: SqliteDatabase, plan: SweepPlan) => void> = {
  /** Plans may grow, and every one is kept. The last ledgers of version 1 already had the table. */
  1: (database, plan) => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS plan_revision (hash TEXT NOT NULL, at TEXT NOT NULL, plan TEXT NOT NULL) STRICT',
    );
    const revision = database.prepare('INSERT INTO plan_revision (hash, at, plan) VALUES (?, ?, ?)');
    revision.run(plan.hash, new Date().toISOString(), JSON.stringify(plan));
  },
  /** Trials can be pruned. An older l2bn would take such a trial for one that still runs, so it shall not open the ledger. */
  2: () => {},
};

/** Oldest version that can still be upgraded. */
export const OLDEST_VERSION = 1;

/** Brings a ledger of an older version up to the present one; to be called in a transaction. */
export function upgrade(database: SqliteDatabase, from: number, plan: SweepPlan): void {
  for (let version = from; version < LEDGER_VERSION; version++) UPGRADES[version]?.(database, plan);
  database.prepare("UPDATE meta SET value = ? WHERE key = 'version'").run(String(LEDGER_VERSION));
}
