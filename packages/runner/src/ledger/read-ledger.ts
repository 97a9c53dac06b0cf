import { type RecordedEvent, SweepReducer } from '@l2bn/core/sweep';
import { LedgerFollower } from './ledger-follower.ts';

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
