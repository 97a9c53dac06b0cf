import { constants } from 'node:os';

/** Exit codes of `l2bn`; documented in `docs/command-line.md`. */
export const EXIT = {
  /** Every trial has a result, or was cancelled. */
  ok: 0,
  /** The sweep ended or was stopped, and at least one trial failed. */
  trialsFailed: 1,
  /** The command line, the sweep file or the data cannot be used; nothing was started. */
  usage: 2,
  /** Nothing could train: TensorFlow does not load, the ledger cannot be written, another l2bn has the folder. */
  environment: 3,
  /** Some trials are still to run: the sweep runs, or was stopped or killed. */
  incomplete: 4,
} as const;

/** What a command ends with that a signal has stopped, as a shell says it: 129 for SIGHUP, 130 for Ctrl-C, 143 for SIGTERM. */
export const exitCodeOfSignal = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
