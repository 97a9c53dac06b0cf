import {
  CLOSE_LAGGED,
  type Hello,
  type PageMessage,
  PageMessageSchema,
  type Resume,
  type ServerMessage,
} from '@l2bn/core/sweep';
import * as v from 'valibot';
import type { RawData, WebSocket } from 'ws';
import type { Frame } from './event-ring.ts';
import type { LiveLimits } from './live-limits.ts';

/** Close codes of RFC 6455, section 7.4.1. */
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_POLICY = 1008;
export const CLOSE_TRY_LATER = 1013;

/** Where a client that is behind catches up from. */
export interface LiveLog {
  /** `seq` of the last event handed to the live clients; a client that has it is up to date. */
  readonly sent: number;
  /** `seq` that a resuming page can be served from, or null when it needs a snapshot. */
  start(resume: Resume): number | null;
  /** The next events after `seq`, none beyond `sent`; null when they cannot be had. */
  frameAfter(seq: number): Frame | null;
}

/**
 * - `greeting`: has been sent `hello`, has not said `resume`.
 * - `replaying`: catches up, frame by frame as its buffer empties.
 * - `live`: has everything up to `LiveLog.sent` and gets each new frame.
 * - `lagged`: was too slow and missed a frame. It is sent nothing more: going on would be a silent gap.
 * - `closing`: a close frame is on its way, or the connection is gone.
 */
type Phase = 'greeting' | 'replaying' | 'live' | 'lagged' | 'closing';

/**
 * One page's connection: what it has been sent, and what happens when it does not keep up.
 *
 * Nothing here may throw: the callers are timers and sockets of the coordinator, which has a sweep to look after.
 */
export class LiveClient {
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  private readonly socket: WebSocket;
  private readonly log: LiveLog;
  private readonly limits: LiveLimits;
  private readonly boot: string;
  private phase: Phase = 'greeting';
  /** `seq` of the last event sent. */
  private position = 0;
  private answeredPing = true;
  /** Ends a connection that does nothing where something is expected of it. */
  private deadline: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, log: LiveLog, limits: LiveLimits, hello: Hello) {
    this.socket = socket;
    this.log = log;
    this.limits = limits;
    this.boot = hello.boot;
    this.gone = new Promise((resolve) => {
      socket.once('close', () => {
        this.enter('closing');
        resolve();
      });
    });
    // `ws` has closed the connection with the fitting code (1009 for an oversize message) when it reports an error.
    socket.on('error', () => this.enter('closing'));
    socket.on('message', (data, binary) => this.receive(data, binary));
    socket.on('pong', () => {
      this.answeredPing = true;
    });
    this.tell(hello);
    this.deadline = setTimeout(() => this.close(CLOSE_POLICY, 'no resume'), limits.resumeMs);
  }

  /** Hands over the frame that follows the last one; one that no longer fits makes the client `lagged`. */
  offer(frame: Frame): void {
    if (this.phase !== 'live') return;
    const waiting = this.socket.bufferedAmount;
    if (waiting === 0 || waiting + frame.data.length <= this.limits.clientBytes) {
      this.deliver(frame);
      return;
    }
    this.enter('lagged');
    this.expectProgress();
  }

  /** Has the page fetch everything anew, because what it lacks can no longer be had as events. */
  refresh(): void {
    if (this.phase !== 'live' && this.phase !== 'replaying') return;
    this.enter('live');
    this.position = this.log.sent;
    this.tell({ t: 'snapshot', boot: this.boot, seq: this.position });
  }

  heartbeat(at: number): void {
    if (this.phase === 'live') this.tell({ t: 'hb', seq: this.position, at });
  }

  /** Cuts the connection if the last ping was not answered, else pings. */
  ping(): void {
    if (!this.answeredPing) {
      this.terminate();
      return;
    }
    this.answeredPing = false;
    if (this.phase !== 'closing') this.socket.ping(undefined, false, this.onWritten);
  }

  /** Says goodbye, and why if something has broken, and closes. */
  end(reason: string | null): void {
    if (this.phase !== 'closing') this.tell({ t: 'bye', reason });
    this.close(CLOSE_GOING_AWAY, 'l2bn has ended');
  }

  /** Starts the closing handshake; `ws` cuts the connection when it is not answered in time. */
  close(code: number, reason: string): void {
    this.enter('closing');
    this.socket.close(code, reason);
  }

  private receive(data: RawData, binary: boolean): void {
    const message = binary ? null : parseMessage(data.toString());
    if (message === null) {
      this.close(CLOSE_POLICY, 'not a message of this protocol');
      return;
    }
    // A lagged client will be closed and resumes on its next connection.
    if (this.phase === 'lagged' || this.phase === 'closing') return;
    const start = this.log.start(message);
    this.enter('replaying');
    if (start === null) {
      this.refresh();
      return;
    }
    this.position = start;
    this.replay();
  }

  private replay(): void {
    while (this.phase === 'replaying') {
      if (this.position >= this.log.sent) {
        this.enter('live');
        return;
      }
      if (this.socket.bufferedAmount > 0) {
        this.expectProgress();
        return;
      }
      const frame = this.log.frameAfter(this.position);
      if (frame === null) this.refresh();
      else this.deliver(frame);
    }
  }

  private deliver(frame: Frame): void {
    this.position = frame.last;
    this.socket.send(frame.data, { binary: false }, this.onWritten);
  }

  private tell(message: ServerMessage): void {
    this.socket.send(JSON.stringify(message), this.onWritten);
  }

  /** Called for everything that has left the send buffer. */
  private readonly onWritten = (error?: Error | null): void => {
    if (error || this.socket.bufferedAmount > 0) return;
    if (this.phase === 'lagged') this.close(CLOSE_LAGGED, 'missed frames; resume');
    else if (this.phase === 'replaying') this.replay();
  };

  private expectProgress(): void {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.terminate(), this.limits.stalledMs);
  }

  private terminate(): void {
    this.enter('closing');
    this.socket.terminate();
  }

  private enter(phase: Phase): void {
    clearTimeout(this.deadline);
    this.phase = phase;
  }
}

function parseMessage(text: string): PageMessage | null {
  try {
    const parsed = v.safeParse(PageMessageSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
