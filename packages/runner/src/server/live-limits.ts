import { HEARTBEAT_MS } from '@l2bn/core/sweep';

/** Bounds and timings of the live connections. Times in milliseconds, sizes in bytes. */
export interface LiveLimits {
  /** Time in which events are collected into one frame. */
  tickMs: number;
  heartbeatMs: number;
  /** Time between protocol pings; a client that has not answered the last one is cut. */
  pingMs: number;
  /** Time that a new client has for its first `resume`. */
  resumeMs: number;
  /** Time that a client may take in nothing before it is cut. */
  stalledMs: number;
  /** Time for closing handshakes and running requests when the server closes. */
  graceMs: number;
  /** Delay of the answer to a wrong token. */
  wrongTokenDelayMs: number;
  /** Bound on what may wait in one client's send buffer; a single larger frame passes when nothing else waits. */
  clientBytes: number;
  /** Bound on one frame. */
  frameBytes: number;
  /** Bound on the events kept for replay. */
  ringBytes: number;
  /** Bound on a message from a client. */
  inboundBytes: number;
  /** Events that a client may be behind and still catch up from the ledger; further back, a snapshot costs less. */
  replayEvents: number;
  clients: number;
  /** Courses of trials in one snapshot; of more, pages fetch those of finished trials when they show them. */
  snapshotBytes: number;
  /** Courses of trials in one answer. */
  courseBytes: number;
}

export const DEFAULT_LIMITS: Readonly<LiveLimits> = {
  tickMs: 100,
  heartbeatMs: HEARTBEAT_MS,
  pingMs: 15_000,
  resumeMs: 10_000,
  stalledMs: 10_000,
  graceMs: 2_000,
  wrongTokenDelayMs: 250,
  clientBytes: 256 * 1024,
  frameBytes: 256 * 1024,
  ringBytes: 4 * 1024 * 1024,
  inboundBytes: 64 * 1024,
  replayEvents: 20_000,
  clients: 32,
  snapshotBytes: 16 * 1024 * 1024,
  courseBytes: 4 * 1024 * 1024,
};
