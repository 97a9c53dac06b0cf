/** Endpoints, relative to the page. */
export const LIVE_PATH = 'api/live';
export const SNAPSHOT_PATH = 'api/snapshot';
export const HEALTH_PATH = 'api/health';
export const COURSES_PATH = 'api/courses';

/** The part of `WebSocket` that is used, so that tests in Node can pass another implementation. */
export interface Socket {
  readonly protocol: string;
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

export interface ConnectionOptions {
  /** The page's address; endpoints are resolved against it. */
  base: string;
  /** Default: the browser's `WebSocket`. */
  openSocket?: (url: string, protocol: string) => Socket;
  /** Default: the browser's `fetch`. */
  fetch?: typeof fetch;
  /** Longest first and longest later wait before a new try, ms. Default 250 and 10,000. */
  firstRetry?: number;
  maxRetry?: number;
  /** Silence after which data counts as stale, ms. Default 12,000: two heartbeats missed. */
  staleAfter?: number;
  /** Silence after which the socket is given up, ms. Default 30,000. */
  giveUpAfter?: number;
  /** Time without a connection after which the server counts as gone, ms. Default 30,000. */
  goneAfter?: number;
}

export const DEFAULTS: Required<Omit<ConnectionOptions, 'base'>> = {
  openSocket: (url, protocol) => new WebSocket(url, protocol) as Socket,
  fetch: (input, init) => fetch(input, init),
  firstRetry: 250,
  maxRetry: 10_000,
  staleAfter: 12_000,
  giveUpAfter: 30_000,
  goneAfter: 30_000,
};
