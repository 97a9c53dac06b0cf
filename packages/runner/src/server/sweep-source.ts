import type { RecordedEvent, SweepState } from '@l2bn/core/sweep';

/** What the server shows: the coordinator's state and the events that change it. */
export interface SweepSource {
  /** The reducer's state; `state.seq` is the last event recorded. Read only. */
  readonly state: SweepState;
  /** Registers a listener for recorded events, called in order and without gaps. Returns the function that ends it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void;
  /**
   * At most `limit` consecutive events after `seq` from the ledger, oldest first, or null when they are not available.
   * Lets a page that was away for long catch up without fetching everything anew.
   */
  eventsAfter?(seq: number, limit: number): RecordedEvent[] | null;
}
