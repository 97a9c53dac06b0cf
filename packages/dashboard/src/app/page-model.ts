import type { Connection } from '../connection/connection.ts';
import type { SweepControl } from '../connection/control.ts';
import type { Selection } from '../store/selection.ts';
import type { SweepStore } from '../store/sweep-store.ts';

/** What every part of the page shares. */
export interface PageModel {
  store: SweepStore;
  selection: Selection;
  control: SweepControl;
  /** Events `state`; what the page needs of `Connection`. */
  connection: Pick<
    Connection,
    'state' | 'clockOffset' | 'hello' | 'retryNow' | 'addEventListener' | 'removeEventListener'
  >;
}

/** The server's time, ms since 1970; while it is not heard, that of its last event: nobody knows what passes there. */
export const clockOf = ({ store, connection }: PageModel): number =>
  connection.state.kind === 'live' ? Date.now() + connection.clockOffset : (store.state?.at ?? Date.now());
