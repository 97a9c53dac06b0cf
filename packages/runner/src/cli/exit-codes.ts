/** Exit codes of `l2bn`; documented in `docs/command-line.md`. */
export const EXIT = {
  /** Every trial has a result. */
  ok: 0,
  /** The sweep ended or was stopped, and at least one trial failed. */
  trialsFailed: 1,
  /** The command line, the sweep file or the data cannot be used; nothing was started. */
  usage: 2,
  /** Nothing could train: TensorFlow does not load, the ledger cannot be written, another l2bn has the folder. */
  environment: 3,
  /** Some trials have no result yet: the sweep runs, or was stopped or killed. */
  incomplete: 4,
  /** Stopped because its terminal was closed (SIGHUP). */
  hungUp: 129,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  terminated: 143,
} as const;
