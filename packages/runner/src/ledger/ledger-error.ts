import { InputError } from '@l2bn/core/sweep';
import { isBusy, isDamage } from './sqlite.ts';

/** How long a ledger that another program has locked is waited for, in ms: a backup, or `sqlite3` in another terminal. */
export const BUSY_TIMEOUT_MS = 5_000;

const RESCUE = 'a sound one: a copy of it, what .recover of sqlite3 saves, or --fresh to set it aside and begin anew';

const DAMAGED = 'a file that is not a ledger, or a damaged one';

/** A ledger that cannot be read, and what is wrong with it, as far as that is known. */
export const damagedLedger = (file: string, reason?: string): InputError =>
  new InputError({ file, got: reason === undefined ? DAMAGED : `${DAMAGED} (${reason})`, want: RESCUE });

/** What SQLite says of a ledger, with its file, which SQLite does not name, and with what helps. */
export function ledgerError(error: unknown, file: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof InputError || (error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return error;
  if (isDamage(error)) return damagedLedger(file, error.message);
  if (isBusy(error)) {
    const got = `a lock of another program, for ${BUSY_TIMEOUT_MS / 1_000} s`;
    return new InputError({ file, got, want: 'nobody else who writes to it: end that program' });
  }
  return Object.assign(error, { path: file });
}

/** What a ledger holds as JSON. Throws `InputError` for anything else. */
export function parseStored<T>(file: string, what: string, text: string | undefined): T {
  try {
    return JSON.parse(text ?? '') as T;
  } catch {
    throw damagedLedger(file, `${what} is no JSON`);
  }
}
