import { canRequeue } from '@l2bn/core/sweep';
import { Ledger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';

/**
 * Puts failed and cancelled trials of a sweep that nobody runs back, one (a pruned one, too) or all, and returns how many.
 *
 * @throws LedgerInUseError if somebody runs it after all.
 */
export function requeueInLedger(folder: string, trial: string | null): number {
  const ledger = Ledger.openAsIs(folder);
  try {
    // Under the lock: until then the trial may have been put back and run, and cells may have been added.
    const again = readLedger(folder).state.trials.filter(
      ({ id, status }) => (trial ?? id) === id && canRequeue(status, trial !== null),
    );
    for (const { id, attempt } of again) ledger.append({ type: 'requeued', trial: id, attempt });
    return again.length;
  } finally {
    ledger.close();
  }
}
