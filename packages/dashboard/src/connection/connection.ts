import {
  type Batch,
  CLOSE_LAGGED,
  type Goodbye,
  type Hello,
  LIVE_SUBPROTOCOL,
  type Resume,
  type Snapshot,
} from '@l2bn/core/sweep';
import type { SweepStore } from '../store/sweep-store.ts';
import {
  type ConnectionOptions,
  DEFAULTS,
  HEALTH_PATH,
  LIVE_PATH,
  SNAPSHOT_PATH,
  type Socket,
} from './connection-options.ts';
import { type ConnectionState, retryDelay } from './connection-state.ts';
import { parseMessage } from './parse-message.ts';
import { SilenceWatch } from './silence-watch.ts';
import { wholeState } from './whole-state.ts';

type Timer = ReturnType<typeof setTimeout>;

/**
 * Keeps a `SweepStore` in step with the server: hello → resume → (snapshot) → batches, without ever skipping an event.
 * Emits `state` whenever `state` is replaced.
 */
export class Connection extends EventTarget {
  private readonly store: SweepStore;
  private readonly options: Required<ConnectionOptions>;
  private current: ConnectionState = { kind: 'connecting' };
  private socket: Socket | null = null;
  private boot: string | null = null;
  private attempt = 0;
  private lostAt: number | null = null;
  private retryTimer: Timer | undefined;
  private readonly silence: SilenceWatch;
  /** Set while a snapshot is fetched: batches that come meanwhile wait here. */
  private waiting: Batch[] | null = null;
  private fetching: AbortController | null = null;
  /** `seq` before the gap that was last asked about: frames behind one gap do not each ask again. */
  private askedFrom = -1;
  private quietGap = -1;
  private seqAtOpen = 0;
  /** What the server has said when it ended; until another one, or it again, greets. */
  private goodbye: Goodbye | null = null;
  private stopped = true;
  /** Server clock − page clock in ms, from heartbeats. */
  clockOffset = 0;
  /** What the server, or the last one there was, has said of itself; `null` before the first. */
  hello: Hello | null = null;

  constructor(store: SweepStore, options: ConnectionOptions) {
    super();
    this.store = store;
    this.options = { ...DEFAULTS, ...options };
    const { staleAfter, giveUpAfter } = this.options;
    this.silence = new SilenceWatch({
      staleAfter,
      giveUpAfter,
      onStale: (since) => {
        if (this.current.kind === 'live') this.set({ kind: 'stale', since });
      },
      onGivenUp: () => {
        this.forget();
        this.lose(false);
      },
    });
  }

  get state(): ConnectionState {
    return this.current;
  }

  start(): void {
    this.stopped = false;
    this.open();
  }

  stop(): void {
    this.stopped = true;
    this.forget();
    clearTimeout(this.retryTimer);
  }

  /** Tries at once if a try is being waited for: on `online`, when the page becomes visible, on the user's wish. */
  retryNow(): void {
    if (this.stopped || this.socket !== null) return;
    this.attempt = 0;
    this.open();
  }

  private open(): void {
    clearTimeout(this.retryTimer);
    if (this.lostAt !== null) this.setLost(null);
    const url = new URL(LIVE_PATH, this.options.base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = this.options.openSocket(url.href, LIVE_SUBPROTOCOL);
    this.socket = socket;
    let opened = false;
    // Every listener asks whether its socket is still the current one: a socket that was given up may still speak.
    const isMine = () => this.socket === socket;
    socket.addEventListener('open', () => {
      opened = true;
      if (isMine()) this.heard();
    });
    socket.addEventListener('message', ({ data }) => {
      if (isMine()) this.receive(socket, data);
    });
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', ({ code }) => {
      if (!isMine()) return;
      this.forget();
      if (opened) this.lose(code === CLOSE_LAGGED);
      else void this.probe();
    });
  }

  /** A browser does not say why a WebSocket was refused; plain HTTP does. */
  private async probe(): Promise<void> {
    let status: number | null = null;
    try {
      const response = await this.options.fetch(new URL(HEALTH_PATH, this.options.base));
      status = response.status;
    } catch {
      // Not reachable at all: an ordinary reconnect.
    }
    if (this.stopped || this.socket !== null) return;
    if (status === null || status >= 500) return this.lose(false);
    if (status === 401 || status === 403) return this.set({ kind: 'unauthorised' });
    this.set({ kind: 'mismatch' });
    this.retryTimer = setTimeout(() => this.open(), this.options.maxRetry);
  }

  private receive(socket: Socket, data: unknown): void {
    this.heard();
    const message = parseMessage(data);
    if (message === null) return;
    switch (message.t) {
      case 'hello':
        this.greet(socket, message);
        return;
      case 'snapshot':
        void this.fetchSnapshot(socket);
        return;
      case 'batch':
        if (this.waiting === null) {
          this.take(socket, message);
          return;
        }
        this.waiting.push(message);
        if (this.fetching === null) void this.fetchSnapshot(socket);
        return;
      case 'hb':
        this.clockOffset = message.at - Date.now();
        // A heartbeat may overtake the batch it counts. Only when the next one still finds us behind is it a gap.
        if (this.waiting === null && message.seq > this.store.seq) {
          if (this.quietGap === this.store.seq) this.resume(socket);
          this.quietGap = this.store.seq;
        } else this.quietGap = -1;
        return;
      case 'bye':
        this.goodbye = message;
        return;
    }
  }

  private greet(socket: Socket, hello: Hello): void {
    this.hello = hello;
    this.goodbye = null;
    this.askedFrom = -1;
    this.seqAtOpen = this.store.seq;
    // Another process counts anew: whatever it sends before its snapshot must not be mixed with what we have.
    if (hello.boot !== this.boot) this.waiting = [];
    this.resume(socket);
    if (this.waiting === null && hello.seq <= this.store.seq) this.becomeLive();
    else if (this.store.state === null) this.set({ kind: 'loading' });
  }

  private resume(socket: Socket): void {
    const message: Resume = { t: 'resume', boot: this.boot, seq: this.boot === null ? 0 : this.store.seq };
    socket.send(JSON.stringify(message));
  }

  private take(socket: Socket, batch: Batch): void {
    const { gap } = this.store.apply(batch.events);
    if (!gap) this.becomeLive();
    if (!gap || this.askedFrom === this.store.seq) return;
    this.askedFrom = this.store.seq;
    this.resume(socket);
  }

  private async fetchSnapshot(socket: Socket): Promise<void> {
    this.fetching?.abort();
    const fetching = new AbortController();
    this.fetching = fetching;
    this.waiting ??= [];
    if (this.store.state === null && this.current.kind !== 'loading') this.set({ kind: 'loading' });
    let snapshot: Snapshot;
    try {
      const response = await this.options.fetch(new URL(SNAPSHOT_PATH, this.options.base), {
        signal: fetching.signal,
        headers: { accept: 'application/json' },
      });
      if (response.status === 401) {
        this.forget();
        this.set({ kind: 'unauthorised' });
        socket.close();
        return;
      }
      if (!response.ok) throw new Error(`snapshot: HTTP ${response.status}`);
      snapshot = (await response.json()) as Snapshot;
    } catch {
      if (!fetching.signal.aborted && this.socket === socket) socket.close();
      return;
    }
    if (fetching.signal.aborted || this.socket !== socket) return;
    this.fetching = null;
    this.boot = snapshot.boot;
    this.store.load(wholeState(snapshot), snapshot.finished !== undefined);
    this.seqAtOpen = this.store.seq;
    this.askedFrom = -1;
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.becomeLive();
    for (const batch of waiting) this.take(socket, batch);
  }

  private becomeLive(): void {
    this.attempt = 0;
    if (this.current.kind === 'live') return;
    const caughtUp = this.lostAt === null ? 0 : this.store.seq - this.seqAtOpen;
    this.lostAt = null;
    this.set({ kind: 'live', caughtUp });
  }

  private heard(): void {
    if (this.current.kind === 'stale') this.set({ kind: 'live', caughtUp: 0 });
    this.silence.hear();
  }

  /** Lets go of the socket and of all that belongs to it. */
  private forget(): void {
    this.socket?.close();
    this.socket = null;
    this.silence.stop();
    this.fetching?.abort();
    this.fetching = null;
    this.waiting = null;
    this.quietGap = -1;
  }

  private lose(atOnce: boolean): void {
    if (this.stopped) return;
    this.lostAt ??= Date.now();
    const { firstRetry, maxRetry } = this.options;
    const delay = atOnce ? 0 : retryDelay(this.attempt++, Math.random(), firstRetry, maxRetry);
    this.setLost(Date.now() + delay);
    this.retryTimer = setTimeout(() => this.open(), delay);
  }

  private setLost(retryAt: number | null): void {
    const since = this.lostAt ?? Date.now();
    if (this.goodbye !== null) this.set({ kind: 'gone', since, retryAt, ended: this.goodbye });
    else if (Date.now() - since >= this.options.goneAfter) this.set({ kind: 'gone', since, retryAt });
    else this.set({ kind: 'reconnecting', since, retryAt });
  }

  private set(state: ConnectionState): void {
    this.current = state;
    this.dispatchEvent(new Event('state'));
  }
}
