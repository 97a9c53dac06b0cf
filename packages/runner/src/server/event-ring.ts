import type { RecordedEvent } from '@l2bn/core/sweep';

/** Several consecutive events as one `batch` message, ready to be sent to any number of clients. */
export interface Frame {
  readonly data: Buffer;
  /** `seq` of the first and the last event in it. */
  readonly first: number;
  readonly last: number;
}

const PREFIX = Buffer.from('{"t":"batch","events":[');
const COMMA = Buffer.from(',');
const SUFFIX = Buffer.from(']}');

/** Dead entries at the front that are worth moving the rest for. */
const COMPACT_AT = 1024;

/**
 * The last events, consecutive and serialised once, bounded by bytes. What every client misses is cut from here, so an
 * event costs one `JSON.stringify`, however many pages watch and reconnect.
 */
export class EventRing {
  private readonly maxBytes: number;
  private readonly frameBytes: number;
  private entries: Buffer[] = [];
  /** Index in `entries` of the oldest event kept. */
  private head = 0;
  private bytes = 0;
  private lastSeq: number;

  /**
   * @param after `seq` of the last event that is not to be kept
   * @param maxBytes bound on the events kept; the newest one is kept whatever its size
   * @param frameBytes bound on a frame; an event that is larger travels in a frame of its own
   */
  constructor(after: number, maxBytes: number, frameBytes: number) {
    this.lastSeq = after;
    this.maxBytes = maxBytes;
    this.frameBytes = frameBytes;
  }

  /** `seq` of the newest event. */
  get last(): number {
    return this.lastSeq;
  }

  /** `seq` of the oldest event kept; `last + 1` when there is none. */
  get first(): number {
    return this.lastSeq + 1 - (this.entries.length - this.head);
  }

  /**
   * Appends an event and returns its size in bytes. One that leaves a gap makes the ring forget everything before it, so
   * that the gap is seen by whoever asks for what is missing, and never sent over. One that is here already is ignored.
   */
  push(event: RecordedEvent): number {
    if (event.seq <= this.lastSeq) return 0;
    const entry = Buffer.from(JSON.stringify(event));
    if (event.seq !== this.lastSeq + 1) {
      this.entries = [];
      this.head = 0;
      this.bytes = 0;
    }
    this.lastSeq = event.seq;
    this.entries.push(entry);
    this.bytes += entry.length;
    while (this.bytes > this.maxBytes && this.head < this.entries.length - 1) this.dropOldest();
    return entry.length;
  }

  /**
   * The events after `seq` up to `until`, oldest first, as far as they fit into one frame; null when there are none,
   * `too old` when the first of them is no longer here.
   */
  since(seq: number, until: number = this.lastSeq): Frame | null | 'too old' {
    if (seq >= Math.min(until, this.lastSeq)) return null;
    const offset = this.head - this.first;
    if (seq + 1 < this.first) return 'too old';
    return frameOf(this.entries, { from: offset + seq + 1, to: offset + until + 1 }, seq + 1, this.frameBytes);
  }

  private dropOldest(): void {
    this.bytes -= this.entries[this.head]!.length;
    // The slot is emptied at once, for the array is only shortened now and then.
    this.entries[this.head++] = SUFFIX;
    if (this.head >= COMPACT_AT && this.head * 2 >= this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
}

/** One frame of as many of these consecutive events as fit, but at least the first. */
export function frameOfEvents(events: readonly RecordedEvent[], frameBytes: number): Frame {
  const entries: Buffer[] = [];
  let size = 0;
  for (const event of events) {
    const entry = Buffer.from(JSON.stringify(event));
    entries.push(entry);
    size += entry.length;
    // What does not fit belongs to the next frame, whose maker will serialise it.
    if (size > frameBytes) break;
  }
  return frameOf(entries, { from: 0, to: entries.length }, events[0]!.seq, frameBytes);
}

/** Joins `entries[from … to)`, of which the first is event `first`, as far as they fit. */
function frameOf(
  entries: readonly Buffer[],
  { from, to }: { from: number; to: number },
  first: number,
  frameBytes: number,
): Frame {
  const parts: Buffer[] = [PREFIX, entries[from]!];
  let size = PREFIX.length + entries[from]!.length + SUFFIX.length;
  let next = from + 1;
  for (; next < Math.min(to, entries.length); next++) {
    const entry = entries[next]!;
    size += COMMA.length + entry.length;
    if (size > frameBytes) break;
    parts.push(COMMA, entry);
  }
  parts.push(SUFFIX);
  return { data: Buffer.concat(parts), first, last: first + (next - from) - 1 };
}
