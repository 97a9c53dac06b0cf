import { Ledger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';

/**
 * Puts failed and cancelled trials of a sweep that nobody runs back, one (a pruned one, too) or all, and returns how many.
 *
 * @throws LedgerInUseError if somebody runs it after all.
 */
export function requeueInLedger(folder: string, trial: string | null): number {
  const { plan } = readLedger(folder).state;
  const ledger = Ledger.open(folder, plan);
  try {
    // Read again under the lock: the trial may have been put back and run in between.
    const again = readLedger(folder).state.trials.filter(({ id, status }) =>
      status === 'failed' || status === 'cancelled'
        ? trial === null || id === trial
        : status === 'pruned' && id === trial,
    );
    for (const { id, attempt } of again) ledger.append({ type: 'requeued', trial: id, attempt });
    return again.length;
  } finally {
    ledger.close();
  }
}
