import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordedEvent, SweepReducer } from '@l2bn/core/sweep';
import { ledgerError } from './ledger-error.ts';
import { LedgerFollower } from './ledger-follower.ts';
import { openToRead } from './open-ledger.ts';

/** The state of a sweep as its ledger tells it; reads beside a running writer. Throws `InputError` if there is none. */
export function readLedger(folder: string): SweepReducer {
  const follower = new LedgerFollower(folder);
  try {
    for (const _ of follower.read());
    return new SweepReducer(follower.state);
  } finally {
    follower.close();
  }
}

/** Every event of a sweep, in order. Throws `InputError` if there is none. */
export function readEvents(folder: string): RecordedEvent[] {
  const follower = new LedgerFollower(folder);
  try {
    return Array.from(follower.read(), ({ recorded }) => recorded);
  } finally {
    follower.close();
  }
}

/** A value that the writer keeps beside the events (`Ledger.keep`). Undefined where there is none, or no ledger. */
export function readKept(folder: string, key: string): string | undefined {
  const file = join(folder, 'ledger.db');
  if (!existsSync(file)) return undefined;
  const database = openToRead(file);
  try {
    const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(key);
    return (row as { value: string } | undefined)?.value;
  } catch (error) {
    throw ledgerError(error, file);
  } finally {
    database.close();
  }
}
