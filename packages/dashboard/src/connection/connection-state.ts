import type { Goodbye } from '@l2bn/core/sweep';

/** Where the page stands with its server. */
export type ConnectionState =
  | { kind: 'connecting' }
  /** The socket is open, the snapshot is on its way. */
  | { kind: 'loading' }
  /** `caughtUp`: events that a resume brought; 0 after a snapshot. */
  | { kind: 'live'; caughtUp: number }
  /** The socket is open but silent since `since` (page clock, ms). */
  | { kind: 'stale'; since: number }
  /** `since`: when the connection was lost; `retryAt`: when the next try starts, `null` while it runs. */
  | { kind: 'reconnecting'; since: number; retryAt: number | null }
  /** Like `reconnecting`, for so long that the server has probably ended, or after its goodbye, which is `ended`. */
  | { kind: 'gone'; since: number; retryAt: number | null; ended?: Goodbye }
  /** The server wants the link that it printed. */
  | { kind: 'unauthorised' }
  /** The server answers, but does not speak this page's protocol. */
  | { kind: 'mismatch' };

export type ConnectionKind = ConnectionState['kind'];

/** Full jitter: uniform in 0 … min(`max`, `first`·2^`attempt`), so that pages do not come back all at once. */
export function retryDelay(attempt: number, random: number, first = 250, max = 10_000): number {
  return random * Math.min(max, first * 2 ** Math.min(attempt, 30));
}
