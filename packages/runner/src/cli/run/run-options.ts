import { InputError } from '@l2bn/core/sweep';

/** What `l2bn run` is asked for beside the sweep. */
export interface RunOptions {
  /** `key=value` words that change the sweep file's content. */
  overrides: string[];
  /** Folder of results; `sweeps/<name>` below the working folder when left out. */
  output?: string;
  workers?: number;
  port?: number;
  /** False: no page. */
  page: boolean;
  /** Whoever holds the link may pause, stop, cancel and retry through the page's server. */
  allowControl: boolean;
  json: boolean;
  /** Sets old results aside first. */
  fresh: boolean;
  /** Keeps the page up after the end: by default on a terminal. */
  keep?: boolean;
  /** Failed trials after which the sweep stops. */
  onFailure: number;
}

/**
 * `continue`, `stop`, `stop-after=3` as the number of failed trials that stops a sweep.
 *
 * @throws InputError for any other word.
 */
export function failureLimit(text: string): number {
  if (text === 'continue') return Number.POSITIVE_INFINITY;
  if (text === 'stop') return 1;
  const count = Number(/^stop-after=(\d+)$/.exec(text)?.[1]);
  if (count >= 1) return count;
  throw new InputError({
    path: '--on-failure',
    got: text === '' ? 'nothing' : text,
    want: 'continue, stop or stop-after=N, such as stop-after=3',
  });
}
