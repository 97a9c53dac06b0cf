import { randomUUID } from 'node:crypto';
import type { RecordedEvent, Resume, ServerFacts } from '@l2bn/core/sweep';
import type { WebSocket } from 'ws';
import { EventRing, type Frame, frameOfEvents } from './event-ring.ts';
import { CLOSE_TRY_LATER, LiveClient, type LiveLog } from './live-client.ts';
import type { LiveLimits } from './live-limits.ts';
import type { SweepSource } from './sweep-source.ts';

/** Events read from the ledger at once for a client that catches up. */
const LEDGER_READ = 500;

/**
 * Carries recorded events to every page. Events of one tick become one frame, serialised once and shared by all clients;
 * nothing runs while no page is open or nothing happens, but for the heartbeats.
 */
export class LiveHub implements LiveLog {
  /** Names this server process to the pages. */
  readonly boot: string = randomUUID();
  private readonly source: SweepSource;
  private readonly about: ServerFacts & { version: string };
  private readonly limits: LiveLimits;
  private readonly ring: EventRing;
  private readonly clients = new Set<LiveClient>();
  private readonly unsubscribe: () => void;
  private sentSeq: number;
  private pendingBytes = 0;
  private tick: NodeJS.Timeout | undefined;
  private heartbeats: NodeJS.Timeout | undefined;
  private pings: NodeJS.Timeout | undefined;

  constructor(source: SweepSource, about: ServerFacts & { version: string }, limits: LiveLimits) {
    this.source = source;
    this.about = about;
    this.limits = limits;
    this.sentSeq = source.state.seq;
    this.ring = new EventRing(this.sentSeq, limits.ringBytes, limits.frameBytes);
    this.unsubscribe = source.subscribe((event) => this.record(event));
  }

  get sent(): number {
    return this.sentSeq;
  }

  /** Pages connected. */
  get size(): number {
    return this.clients.size;
  }

  /** Takes over a connection that has passed the gate. */
  accept(socket: WebSocket): void {
    if (this.clients.size >= this.limits.clients) {
      socket.on('error', () => {});
      socket.close(CLOSE_TRY_LATER, `more than ${this.limits.clients} pages`);
      return;
    }
    const hello = { boot: this.boot, seq: this.ring.last, sweep: this.source.state.plan.name, ...this.about };
    const client = new LiveClient(socket, this, this.limits, { t: 'hello', ...hello });
    this.clients.add(client);
    if (this.clients.size === 1) this.startTimers();
    void client.gone.then(() => {
      this.clients.delete(client);
      if (this.clients.size === 0) this.stopTimers();
    });
  }

  start({ boot, seq }: Resume): number | null {
    // What waits for the tick goes out first, so that the resuming page has a place before or at `sent`.
    this.flush();
    if (boot !== this.boot || seq > this.sentSeq) return null;
    if (seq + 1 >= this.ring.first) return seq;
    return this.source.eventsAfter !== undefined && this.sentSeq - seq <= this.limits.replayEvents ? seq : null;
  }

  frameAfter(seq: number): Frame | null {
    const frame = this.ring.since(seq, this.sentSeq);
    return frame === 'too old' ? this.frameFromLedger(seq) : frame;
  }

  /** Sends what is pending, then says goodbye to every page, for this reason. Resolves when all connections are gone. */
  async close(reason: string | null = null): Promise<void> {
    this.unsubscribe();
    this.flush();
    const clients = [...this.clients];
    for (const client of clients) client.end(reason);
    await Promise.all(clients.map((client) => client.gone));
  }

  private record(event: RecordedEvent): void {
    this.pendingBytes += this.ring.push(event);
    if (this.clients.size === 0 || this.pendingBytes >= this.limits.frameBytes) this.flush();
    else this.tick ??= setTimeout(() => this.flush(), this.limits.tickMs);
  }

  private flush(): void {
    clearTimeout(this.tick);
    this.tick = undefined;
    this.pendingBytes = 0;
    if (this.clients.size === 0) this.sentSeq = this.ring.last;
    while (this.sentSeq < this.ring.last) {
      const frame = this.ring.since(this.sentSeq);
      if (frame === null || frame === 'too old') {
        // The source has left a gap, or a burst has outgrown the ring: only a new snapshot is whole again.
        this.sentSeq = this.ring.last;
        for (const client of this.clients) client.refresh();
        return;
      }
      this.sentSeq = frame.last;
      for (const client of this.clients) client.offer(frame);
    }
  }

  private frameFromLedger(seq: number): Frame | null {
    const events = this.readLedger(seq, Math.min(LEDGER_READ, this.sentSeq - seq));
    const consecutive = events.length > 0 && events.every((event, i) => event.seq === seq + 1 + i);
    return consecutive ? frameOfEvents(events, this.limits.frameBytes) : null;
  }

  private readLedger(seq: number, limit: number): RecordedEvent[] {
    try {
      return this.source.eventsAfter?.(seq, limit) ?? [];
    } catch {
      // A ledger that cannot be read is the coordinator's trouble; the page is served from the state in memory.
      return [];
    }
  }

  private startTimers(): void {
    const { heartbeatMs, pingMs } = this.limits;
    this.heartbeats = setInterval(() => {
      for (const client of this.clients) client.heartbeat(Date.now());
    }, heartbeatMs);
    this.pings = setInterval(() => {
      for (const client of this.clients) client.ping();
    }, pingMs);
  }

  private stopTimers(): void {
    clearInterval(this.heartbeats);
    clearInterval(this.pings);
    this.flush();
  }
}
